import * as vscode from "vscode";
import type { CallBudgets } from "../sources/cloudflare/http/budget.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { Collection, CollectionRef } from "../source/log.ts";
import { capabilitiesOf, type Capability } from "../source/capabilities.ts";
import { checkingRows } from "../source/rows.ts";
import type { LogSource } from "../source/source.ts";
import type { Transport, TransportOptions } from "../http/transport.ts";
import type { Logger } from "../platform/logger.ts";
import { apiBaseUrl, gatewayUrl, networkSettings } from "../platform/settings.ts";
import { SAMPLE_ACCOUNT_ID } from "../local/samples/account.ts";
import type { SourceKind } from "./kinds.ts";
import type { SampleGateway } from "./sample.ts";
import type { SignedInAccount, Tokens } from "./tokens.ts";

/** An account whose gateways the tree shows. */
export type SessionAccount = SignedInAccount & {
  kind: SourceKind;
  /** The account's API, for its audit log; absent where there is none. */
  client?: () => Promise<CloudflareClient>;
  /** Its gateways as a source of logs. */
  source(): Promise<LogSource>;
  /** Its gateways: one call in a session, however often it is asked. */
  gateways(): Promise<readonly Collection[]>;
};

/** A gateway with the account that it is of. */
export type AccountGateway = { ref: CollectionRef; account: SessionAccount };

/** The connected accounts. A new object after each change, so identity means that nothing changed. */
export type Session = {
  readonly accounts: readonly SessionAccount[];
  /** Aborted when the session is replaced. */
  readonly signal: AbortSignal;
};

/** The gateways of all accounts of a session; those of an account that can't be read are left out. */
export async function gatewaysIn({ accounts }: Pick<Session, "accounts">): Promise<AccountGateway[]> {
  const lists = await Promise.allSettled(accounts.map((account) => account.gateways()));
  return accounts.flatMap((account, index) => {
    const list = lists[index];
    const gateways = list?.status === "fulfilled" ? list.value : [];
    return gateways.map(({ id }) => ({ ref: { sourceId: account.id, collectionId: id }, account }));
  });
}

const SHOWN = "shownAccount";
/** State key: accounts that were signed in when this window last checked. */
const SIGNED_IN = "signedInAccounts";

/** Where requests are sent through Cloudflare's gateways; each gateway has its own token. */
const cloudflareEndpoint = () => Promise.resolve({ url: gatewayUrl() });

/** An account of a session that lasts until `signal` is aborted. */
function accountOf(
  account: SignedInAccount,
  kind: SourceKind,
  { client, source }: Required<Pick<SessionAccount, "client" | "source">>,
  signal: AbortSignal,
): SessionAccount {
  let gateways: Promise<readonly Collection[]> | undefined;
  const read = async () => (await source()).collections({ signal });
  return Object.assign(account, { kind, client, source, gateways: () => (gateways ??= read()) });
}

/** Creates the session on demand, and a new one after each change. */
export class Sessions {
  readonly #tokens: Tokens;
  readonly #sample: SampleGateway;
  readonly #state: vscode.Memento;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when an account, a token or an address changes. */
  readonly onDidChange = this.#changed.event;
  readonly #signedOut = new vscode.EventEmitter<string>();
  /** Fires when an account was signed out, here, in another window, or while this one was closed: remove its data. */
  readonly onDidSignOut = this.#signedOut.event;
  readonly #sources = new WeakMap<CloudflareClient, LogSource>();
  /** The sources that were made, by account. */
  readonly #made = new Map<string, LogSource>();
  readonly #clients = new Map<string, Promise<CloudflareClient>>();
  readonly #subscriptions: vscode.Disposable[];
  #transport: Promise<Transport> | undefined;
  #budgets: CallBudgets | undefined;
  #abort = new AbortController();
  /** The last check for sign-outs. */
  #looked: Promise<void> = Promise.resolve();
  #current: Promise<Session> | undefined;

  constructor(tokens: Tokens, sample: SampleGateway, state: vscode.Memento, logger: Logger) {
    this.#tokens = tokens;
    this.#sample = sample;
    this.#state = state;
    this.#logger = logger;
    this.#subscriptions = [
      tokens.onDidChange(() => {
        this.renew();
        // Also checks if the session isn't used now.
        this.#lookForSignOuts().catch((error: unknown) => logger.warn(`accounts: ${String(error)}`));
      }),
      sample.onDidChange(() => this.renew()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!["aiGateway.apiBaseUrl", "http"].some((section) => change.affectsConfiguration(section))) return;
        this.#clients.clear();
        void this.#closeTransport();
        this.renew();
      }),
    ];
  }

  /** Recreates the session, to notice changes from another window. */
  renew(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#current = undefined;
    this.#changed.fire();
  }

  /** Returns the current session. Reads secrets and files, but makes no network calls. */
  current(): Promise<Session> {
    if (!this.#current) {
      const current = this.#build(this.#abort.signal);
      this.#current = current;
      // A failure is reported once, and not cached.
      current.catch(() => {
        if (this.#current === current) this.#current = undefined;
      });
    }
    return this.#current;
  }

  /** Reports accounts signed out since the last check; checks run one after another. */
  #lookForSignOuts(): Promise<void> {
    const look = async () => {
      const ids = await this.#tokens.ids();
      const before = this.#state.get<readonly string[]>(SIGNED_IN, []);
      if (before.join() !== ids.join()) void this.#state.update(SIGNED_IN, ids);
      for (const id of before.filter((one) => !ids.includes(one))) {
        this.#clients.delete(id);
        this.#made.delete(id);
        if (this.shownAccount === id) void this.#state.update(SHOWN, undefined);
        this.#signedOut.fire(id);
      }
    };
    this.#looked = this.#looked.then(look, look);
    return this.#looked;
  }

  async #build(signal: AbortSignal): Promise<Session> {
    await this.#lookForSignOuts();
    const signedIn = await this.#tokens.accounts();
    const only = this.#state.get<string>(SHOWN);
    const shown = signedIn.some((account) => account.id === only)
      ? signedIn.filter((account) => account.id === only)
      : signedIn;
    const accounts = shown.map((account) => {
      const of = { client: () => this.#clientFor(account.id), source: () => this.#sourceFor(account) };
      return accountOf(account, "cloudflare", of, signal);
    });
    if (await this.#sample.isOpen()) {
      const account = { id: SAMPLE_ACCOUNT_ID, name: vscode.l10n.t("on this machine") };
      const of = { client: () => this.#sample.client(), source: () => this.#sampleSource() };
      accounts.push(accountOf(account, "sample", of, signal));
    }
    return { accounts, signal };
  }

  /** The only shown account; undefined if all are shown. */
  get shownAccount(): string | undefined {
    return this.#state.get<string>(SHOWN);
  }

  /** Shows one account only, or with undefined all side by side. */
  async show(sourceId: string | undefined): Promise<void> {
    await this.#state.update(SHOWN, sourceId);
    this.renew();
  }

  /** Returns the client of any signed-in account, shown or not; undefined without a token. */
  async clientOf(sourceId: string): Promise<CloudflareClient | undefined> {
    const { accounts } = await this.current();
    const shown = accounts.find((account) => account.id === sourceId);
    if (shown) return shown.client?.();
    return (await this.#tokens.tokenOf(sourceId)) ? this.#clientFor(sourceId) : undefined;
  }

  /** Returns the source of any signed-in account, shown or not; undefined without a token. */
  async sourceOf(sourceId: string): Promise<LogSource | undefined> {
    const { accounts } = await this.current();
    const shown = accounts.find((account) => account.id === sourceId);
    if (shown) return shown.source();
    const account = (await this.#tokens.accounts()).find(({ id }) => id === sourceId);
    return account && this.#sourceFor(account);
  }

  /**
   * Returns what can be done with an account's logs; nothing before its source was used: what shows logs has used it.
   */
  canOf(sourceId: string): readonly Capability[] {
    const source = this.#made.get(sourceId);
    return source ? capabilitiesOf(source) : [];
  }

  /** Returns the least time between two automatic refreshes of an account's logs, in ms. */
  pollIntervalOf(sourceId: string): number {
    return (this.#made.get(sourceId)?.lists.pollSeconds ?? 0) * 1000;
  }

  #noted(sourceId: string, source: LogSource): LogSource {
    const checked = checkingRows(source);
    this.#made.set(sourceId, checked);
    return checked;
  }

  async #sourceFor({ id, createdAt }: SignedInAccount): Promise<LogSource> {
    const { cloudflareSource } = await import("../sources/cloudflare/source.ts");
    const client = await this.#clientFor(id);
    const known = this.#sources.get(client);
    if (known) return known;
    const source = this.#noted(id, cloudflareSource(client, id, { createdAt, endpoint: cloudflareEndpoint }));
    this.#sources.set(client, source);
    return source;
  }

  async #sampleSource(): Promise<LogSource> {
    const { cloudflareSource } = await import("../sources/cloudflare/source.ts");
    const endpoint = () => this.#sample.inferenceEndpoint();
    const options = { isOnlyStore: true, endpoint };
    // The dashboard doesn't have it.
    const { webPage: _, ...source } = cloudflareSource(await this.#sample.client(), SAMPLE_ACCOUNT_ID, options);
    return this.#noted(SAMPLE_ACCOUNT_ID, source);
  }

  /** Returns a client with a token that isn't stored yet, for signing in. */
  clientWith(token: string): Promise<CloudflareClient> {
    return this.#makeClient(() => Promise.resolve(token));
  }

  #clientFor(sourceId: string): Promise<CloudflareClient> {
    let client = this.#clients.get(sourceId);
    if (!client) {
      client = this.#makeClient(() => this.#tokens.tokenOf(sourceId));
      this.#clients.set(sourceId, client);
      client.catch(() => this.#clients.delete(sourceId));
    }
    return client;
  }

  async #makeClient(token: () => Promise<string | undefined>): Promise<CloudflareClient> {
    const [{ CloudflareClient }, { CallBudgets }] = await Promise.all([
      import("../sources/cloudflare/client.ts"),
      import("../sources/cloudflare/http/budget.ts"),
    ]);
    this.#budgets ??= new CallBudgets();
    this.#transport ??= this.openTransport();
    const { fetch } = await this.#transport;
    const trace = (line: string) => this.#logger.trace(line);
    return new CloudflareClient({ baseUrl: apiBaseUrl(), token, fetch, trace, budgets: this.#budgets });
  }

  /** Opens connections with VS Code's settings; the caller closes them. */
  async openTransport(options: Pick<TransportOptions, "timeouts"> = {}): Promise<Transport> {
    const { createTransport } = await import("../http/transport.ts");
    return createTransport({
      ...networkSettings(),
      ...options,
      env: process.env,
      // VS Code's own fetch, which knows the operating system's proxies and PAC files.
      fallback: globalThis.fetch,
      onFallback: (reason) => this.#logger.info(`Calls go through VS Code's own connection: ${reason}`),
    });
  }

  async #closeTransport(): Promise<void> {
    const transport = this.#transport;
    this.#transport = undefined;
    try {
      await (await transport)?.close();
    } catch (error) {
      this.#logger.warn(`closing connections: ${String(error)}`);
    }
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    this.#changed.dispose();
    this.#signedOut.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    await this.#closeTransport();
  }
}
