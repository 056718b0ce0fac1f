import { KINDS } from "../account/kinds.ts";
import * as vscode from "vscode";
import { gatewaysIn, type AccountGateway, type Sessions } from "../account/session.ts";
import { gatewaysNamedIn, isNamed, type NamedGateway } from "./core/addresses.ts";
import type { CollectionRef } from "../source/log.ts";
import { SAMPLE_ACCOUNT_ID } from "../local/samples/account.ts";
import type { Logger } from "../platform/logger.ts";
import { isOfGateway } from "../logs/log-key.ts";

/** Storage for the gateways called by this workspace's programs, and for the user's choice. */
const CALLED = "calledGateways";
const CHOSEN = "debugGateway";

/** Maximum number of remembered gateways: a program may use several. */
const MOST = 4;
/** Maximum number of characters searched for addresses in a text. */
const MOST_TEXT = 500_000;
/** Maximum size of a file to search, in bytes: the debugged file may be a binary. */
const MOST_BYTES = 2_000_000;
/** Files of a workspace folder that may name a gateway. */
const FILES = [".env", ".env.local", ".dev.vars", "wrangler.toml", "wrangler.json", "wrangler.jsonc"];

export type GatewayNeeds = {
  /** The host of the service's gateway. */
  host: string;
  sessions: Pick<Sessions, "current">;
  state: vscode.Memento;
  logger: Logger;
};

/**
 * The gateways called by this workspace's programs: the user's choice and those with calls found before; until there
 * are any, those named in the launch configuration, the files next to it and the open sources. Reads nothing of an
 * untrusted workspace.
 */
export class CalledGateways {
  readonly #needs: GatewayNeeds;
  #guessed: Promise<readonly NamedGateway[]> | undefined;

  constructor(needs: GatewayNeeds) {
    this.#needs = needs;
  }

  /** Returns the user's choice. */
  get chosen(): CollectionRef | undefined {
    return this.#needs.state.get<CollectionRef>(CHOSEN);
  }

  /** Sets the gateway to search first; undefined: the gateways with calls found before. */
  choose(gateway: CollectionRef | undefined): void {
    void this.#needs.state.update(CHOSEN, gateway);
  }

  /** Remembers a gateway with calls of the program. */
  found(gateway: CollectionRef): void {
    const before = this.#called;
    if (before[0] && isOfGateway(gateway)(before[0])) return;
    const called = [gateway, ...before.filter((other) => !isOfGateway(gateway)(other))].slice(0, MOST);
    void this.#needs.state.update(CALLED, called);
  }

  /** Removes the gateways of an account. */
  forget(sourceId: string): void {
    const others = this.#called.filter((gateway) => gateway.sourceId !== sourceId);
    void this.#needs.state.update(CALLED, others);
    if (this.chosen?.sourceId === sourceId) this.choose(undefined);
  }

  get #called(): readonly CollectionRef[] {
    return this.#needs.state.get<readonly CollectionRef[]>(CALLED, []);
  }

  /**
   * Returns the gateways known to be called by this workspace's programs, or else the declared ones. Makes no calls.
   */
  async called(): Promise<readonly NamedGateway[]> {
    const known = [...(this.chosen ? [this.chosen] : []), ...this.#called];
    return known.length > 0 ? known : ((await this.#guessed) ?? []);
  }

  /** Returns whether any of them is not a sample. */
  async areCalledOnline(): Promise<boolean> {
    return (await this.called()).some(({ sourceId }) => sourceId !== SAMPLE_ACCOUNT_ID);
  }

  /** Returns the gateways on this machine, without a call to any other account. */
  async samples(): Promise<readonly CollectionRef[]> {
    const { accounts } = await this.#needs.sessions.current();
    const local = accounts.filter(({ kind }) => KINDS[kind].isLocal);
    return (await gatewaysIn({ accounts: local })).map(({ ref }) => ref);
  }

  /** Clears the guesses: another program is debugged. */
  guess(configuration: vscode.DebugConfiguration): void {
    this.#guessed = vscode.workspace.isTrusted ? this.#read(configuration) : undefined;
  }

  /** Returns the gateways of all shown accounts. */
  async all(): Promise<readonly AccountGateway[]> {
    return gatewaysIn(await this.#needs.sessions.current());
  }

  /** Returns the likely gateways of calls, most likely first, and all other shown ones. */
  async places(): Promise<{ used: readonly CollectionRef[]; others: readonly CollectionRef[] }> {
    const all = (await this.all()).map(({ ref }) => ref);
    const called = await this.called();
    const used = [...new Set(called.flatMap((one) => all.filter((gateway) => isNamed(gateway, one))))];
    return { used, others: all.filter((gateway) => !used.includes(gateway)) };
  }

  /** Returns the most likely gateway of a call, or undefined if several are equally likely. */
  async likeliest(): Promise<CollectionRef | undefined> {
    const { used, others } = await this.places();
    return used[0] ?? (others.length === 1 ? others[0] : undefined);
  }

  async #read(configuration: vscode.DebugConfiguration): Promise<readonly NamedGateway[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const program: unknown = configuration["program"];
    const files = [
      ...folders.flatMap(({ uri }) => FILES.map((name) => vscode.Uri.joinPath(uri, name))),
      ...(typeof program === "string" && /^(?:\/|[a-z]:)/i.test(program) ? [vscode.Uri.file(program)] : []),
    ];
    const texts = [
      JSON.stringify(configuration),
      ...(await Promise.all(files.map((file) => this.#textOf(file)))),
      ...vscode.workspace.textDocuments.map((document) => document.getText()),
    ];
    return texts.flatMap((text) => gatewaysNamedIn(text.slice(0, MOST_TEXT), this.#needs.host));
  }

  async #textOf(file: vscode.Uri): Promise<string> {
    try {
      const { size } = await vscode.workspace.fs.stat(file);
      return size > MOST_BYTES ? "" : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    } catch (error) {
      const isMissing = error instanceof vscode.FileSystemError && error.code === "FileNotFound";
      if (!isMissing) this.#needs.logger.warn(`${file.path}: ${String(error)}`);
      return "";
    }
  }
}
