import * as vscode from "vscode";
import { gatewaysIn, type AccountGateway, type Sessions } from "../account/session.ts";
import { gatewaysNamedIn, isNamed, type NamedGateway } from "./core/addresses.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import { SAMPLE_ACCOUNT_ID } from "../local/samples/account.ts";
import type { Logger } from "../platform/logger.ts";
import { isOfGateway } from "../logs/log-key.ts";

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
  sessions: Pick<Sessions, "current">;
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

  /** The gateways that the programs of this workspace are known to call, else those that they are said to. Nobody is asked. */
  async called(): Promise<readonly NamedGateway[]> {
    const known = [...(this.chosen ? [this.chosen] : []), ...this.#called];
    return known.length > 0 ? known : ((await this.#guessed) ?? []);
  }

  /** Whether any of them is not a sample, which lies on this machine. */
  async areCalledOnline(): Promise<boolean> {
    return (await this.called()).some(({ accountId }) => accountId !== SAMPLE_ACCOUNT_ID);
  }

  /** The sample gateways: no other account is asked for its own. */
  async samples(): Promise<readonly GatewayRef[]> {
    const { accounts } = await this.#needs.sessions.current();
    const account = accounts.find(({ isSample }) => isSample);
    return (await account?.gateways())?.map(({ id }) => ({ accountId: SAMPLE_ACCOUNT_ID, gatewayId: id })) ?? [];
  }

  /** Guesses anew: another program is debugged. */
  guess(configuration: vscode.DebugConfiguration): void {
    this.#guessed = vscode.workspace.isTrusted ? this.#read(configuration) : undefined;
  }

  /** The gateways of all accounts that are shown. */
  async all(): Promise<readonly AccountGateway[]> {
    return gatewaysIn(await this.#needs.sessions.current());
  }

  /** The gateways in which the calls are likely to be, the likeliest first, and all others that are shown. */
  async places(): Promise<{ used: readonly GatewayRef[]; others: readonly GatewayRef[] }> {
    const all = (await this.all()).map(({ ref }) => ref);
    const called = await this.called();
    const used = [...new Set(called.flatMap((one) => all.filter((gateway) => isNamed(gateway, one))))];
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
