import * as vscode from "vscode";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { LocalGateway } from "../local/server.ts";
import type { LogStore } from "../local/store.ts";
import { PlainError } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";

type Running = { store: LogStore; gateway: LocalGateway; client: CloudflareClient };

/** An account of gateways on this machine. */
export type LocalAccountOptions = {
  id: string;
  kind: "sample" | "recordings";
  /** The database's name in the folder. */
  fileName: string;
  /** Opens the database, and fills a new one. */
  openStore: (path: string) => Promise<LogStore>;
  /** What to say if the database can't be deleted. */
  notDeleted: () => string;
};

/**
 * An account on this machine: the local gateway with a database. It exists as long as that file, so it survives a restart
 * and is shared by all windows; its server runs only while it's read.
 */
export class LocalAccount {
  readonly id: string;
  readonly kind: LocalAccountOptions["kind"];
  readonly #options: LocalAccountOptions;
  readonly #storage: vscode.Uri;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #running: Promise<Running> | undefined;

  constructor(options: LocalAccountOptions, storage: vscode.Uri, logger: Logger) {
    this.id = options.id;
    this.kind = options.kind;
    this.#options = options;
    this.#storage = storage;
    this.#logger = logger;
  }

  get #file(): vscode.Uri {
    return vscode.Uri.joinPath(this.#storage, this.#options.fileName);
  }

  /** Whether there is such an account. */
  async isOpen(): Promise<boolean> {
    try {
      await vscode.workspace.fs.stat(this.#file);
      return true;
    } catch {
      return false;
    }
  }

  /** Creates the database, if there is none. */
  async open(): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#storage);
    await this.client();
    this.#changed.fire();
  }

  /** Returns a client for its gateways, starting its server on demand. */
  async client(): Promise<CloudflareClient> {
    return (await this.#run()).client;
  }

  /** Returns its database, starting its server on demand. */
  async store(): Promise<LogStore> {
    return (await this.#run()).store;
  }

  /** Where requests are sent through its gateways, and the token for it. */
  async inferenceEndpoint(): Promise<{ url: string; token: string }> {
    const { gatewayUrl: url, token } = (await this.#run()).gateway;
    return { url, token };
  }

  async #run(): Promise<Running> {
    this.#running ??= this.#start();
    try {
      return await this.#running;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  async #start(): Promise<Running> {
    const [store, { startLocalGateway }, { CloudflareClient }] = await Promise.all([
      this.#options.openStore(this.#file.fsPath),
      import("../local/server.ts"),
      import("../sources/cloudflare/client.ts"),
    ]);
    const gateway = await startLocalGateway({ store });
    this.#logger.info(`The local gateway (${this.kind}) listens on ${gateway.baseUrl}`);
    const client = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      trace: (line) => this.#logger.trace(`${this.kind} ${line}`),
    });
    return { store, gateway, client };
  }

  async #stop(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    await running?.gateway.close();
    running?.store.close();
  }

  /** Stops the server and deletes the database, with all changes to its logs. */
  async remove(): Promise<void> {
    await this.#stop();
    try {
      await this.#deleteFiles();
    } finally {
      this.#changed.fire();
    }
  }

  async #deleteFiles(): Promise<void> {
    for (const suffix of ["", "-wal", "-shm"]) {
      const file = this.#file.with({ path: this.#file.path + suffix });
      try {
        await vscode.workspace.fs.delete(file);
      } catch (error) {
        if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") continue;
        this.#logger.warn(`${this.kind}: ${String(error)}`);
        throw new PlainError(this.#options.notDeleted());
      }
    }
  }

  async dispose(): Promise<void> {
    this.#changed.dispose();
    await this.#stop();
  }
}
