import * as vscode from "vscode";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { LocalGateway } from "../local/server.ts";
import type { LogStore } from "../local/store.ts";
import { PlainError } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";

type Running = { store: LogStore; gateway: LocalGateway; client: CloudflareClient };

/**
 * The sample gateway: the local gateway with sample logs. It exists as long as its database file, so it survives a
 * restart and is shared by all windows; its server runs only while it's read.
 */
export class SampleGateway {
  readonly #storage: vscode.Uri;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #running: Promise<Running> | undefined;

  constructor(storage: vscode.Uri, logger: Logger) {
    this.#storage = storage;
    this.#logger = logger;
  }

  get #file(): vscode.Uri {
    return vscode.Uri.joinPath(this.#storage, "sample.sqlite");
  }

  /** Whether there is a sample gateway. */
  async isOpen(): Promise<boolean> {
    try {
      await vscode.workspace.fs.stat(this.#file);
      return true;
    } catch {
      return false;
    }
  }

  /** Creates the sample logs, dated back from now, if there are none. */
  async open(): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#storage);
    await this.client();
    this.#changed.fire();
  }

  /** Returns a client for the sample gateway, starting its server on demand. */
  async client(): Promise<CloudflareClient> {
    return (await this.#run()).client;
  }

  /** Where requests are sent through the sample gateways, and the token for it. */
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
    const [{ openSampleStore }, { startLocalGateway }, { CloudflareClient }] = await Promise.all([
      import("../local/samples/index.ts"),
      import("../local/server.ts"),
      import("../sources/cloudflare/client.ts"),
    ]);
    const store = openSampleStore(this.#file.fsPath, new Date());
    const gateway = await startLocalGateway({ store });
    this.#logger.info(`The sample gateway listens on ${gateway.baseUrl}`);
    const client = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      trace: (line) => this.#logger.trace(`sample ${line}`),
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
        this.#logger.warn(`sample gateway: ${String(error)}`);
        throw new PlainError(
          vscode.l10n.t(
            "Couldn't delete the sample gateway. It may be open in another window. Close that window and try again.",
          ),
        );
      }
    }
  }

  async dispose(): Promise<void> {
    this.#changed.dispose();
    await this.#stop();
  }
}
