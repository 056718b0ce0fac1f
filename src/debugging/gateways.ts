import * as vscode from "vscode";
import { gatewaysNamedIn, isNamed, type NamedGateway } from "../calls/addresses.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import type { Logger } from "../logger.ts";
import { isOfGateway } from "../logs/logKey.ts";
import type { LogTree } from "../tree/provider.ts";

/** Where it is kept which gateways the programs of this workspace call, and the one that the person has chosen. */
const CALLED = "calledGateways";
const CHOSEN = "debugGateway";

/** Gateways that are remembered: a program may use several. */
const MOST = 4;
/** Of a text so many characters are read for addresses. */
const MOST_TEXT = 500_000;
/** Larger files are not read, in bytes: what is debugged may be a binary. */
const MOST_BYTES = 2_000_000;
/** Files of a workspace folder that say where calls go. */
const FILES = [".env", ".env.local", ".dev.vars", "wrangler.toml", "wrangler.json", "wrangler.jsonc"];

export type GatewayNeeds = {
  tree: Pick<LogTree, "gateways">;
  state: vscode.Memento;
  logger: Logger;
};

/**
 * Which gateways the programs of this workspace call: the one that was chosen, those in which their calls were found; before any was,
 * those that the launch configuration, the files beside it and the sources that are open name. Nothing of an untrusted workspace is read.
 */
export class CalledGateways {
  readonly #needs: GatewayNeeds;
  #guessed: Promise<readonly NamedGateway[]> | undefined;

  constructor(needs: GatewayNeeds) {
    this.#needs = needs;
  }

  /** The gateway that the person has chosen. */
  get chosen(): GatewayRef | undefined {
    return this.#needs.state.get<GatewayRef>(CHOSEN);
  }

  /** Looks in this gateway first from now on; undefined: where calls are found. */
  choose(gateway: GatewayRef | undefined): void {
    void this.#needs.state.update(CHOSEN, gateway);
  }

  /** Notes that calls of the program were found in a gateway. */
  found(gateway: GatewayRef): void {
    const before = this.#called;
    if (before[0] && isOfGateway(gateway)(before[0])) return;
    const called = [gateway, ...before.filter((other) => !isOfGateway(gateway)(other))].slice(0, MOST);
    void this.#needs.state.update(CALLED, called);
  }

  /** Forgets the gateways of an account. */
  forget(accountId: string): void {
    const others = this.#called.filter((gateway) => gateway.accountId !== accountId);
    void this.#needs.state.update(CALLED, others);
    if (this.chosen?.accountId === accountId) this.choose(undefined);
  }

  get #called(): readonly GatewayRef[] {
    return this.#needs.state.get<readonly GatewayRef[]>(CALLED, []);
  }

  /** Whether the programs of this workspace are known or said to call any gateway. Nobody is asked. */
  async areCalled(): Promise<boolean> {
    if (this.chosen || this.#called.length > 0) return true;
    return ((await this.#guessed) ?? []).length > 0;
  }

  /** Guesses anew: another program is debugged. */
  guess(configuration: vscode.DebugConfiguration): void {
    this.#guessed = vscode.workspace.isTrusted ? this.#read(configuration) : undefined;
  }

  /** The gateways in which the calls are likely to be, the likeliest first, and all others that are shown. */
  async places(): Promise<{ used: readonly GatewayRef[]; others: readonly GatewayRef[] }> {
    const all = (await this.#needs.tree.gateways()).map(({ ref }) => ref);
    const remembered = [...(this.chosen ? [this.chosen] : []), ...this.#called];
    const named = remembered.length > 0 ? [] : ((await this.#guessed) ?? []);
    const likely = [
      ...remembered.flatMap((one) => all.filter(isOfGateway(one))),
      ...named.flatMap((one) => all.filter((gateway) => isNamed(gateway, one))),
    ];
    const used = [...new Set(likely)];
    return { used, others: all.filter((gateway) => !used.includes(gateway)) };
  }

  /** The gateway in which a call is most likely to be; undefined where any of several may be. */
  async likeliest(): Promise<GatewayRef | undefined> {
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
    return texts.flatMap((text) => gatewaysNamedIn(text.slice(0, MOST_TEXT)));
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
