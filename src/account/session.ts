import * as vscode from "vscode";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { Collection, CollectionRef } from "../source/log.ts";
import type { Capability } from "../source/capabilities.ts";
import type { CallOptions } from "../source/query.ts";
import type { LogSource } from "../source/source.ts";
import type { Transport, TransportOptions } from "../http/transport.ts";
import type { Logger } from "../platform/logger.ts";
import { Connections } from "./connections.ts";
import type { SourceKind } from "./kinds.ts";
import type { LocalAccount } from "./local-account.ts";
import { Stores } from "./stores.ts";
import type { SignedInAccount, Tokens } from "./tokens.ts";

/** An account whose gateways the tree shows. */
export type SessionAccount = SignedInAccount & {
  kind: SourceKind;
  /** The account's API, for its audit log; absent where there is none. */
  client?: () => Promise<CloudflareClient>;
  /** The source with the logs of one of its gateways. */
  source(of: CollectionRef): Promise<LogSource>;
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

/** The gateways of all accounts of a session, with logs of calls; those of an account that can't be read are left out. */
export async function gatewaysIn({ accounts }: Pick<Session, "accounts">): Promise<AccountGateway[]> {
  const lists = await Promise.allSettled(accounts.map((account) => account.gateways()));
  return accounts.flatMap((account, index) => {
    const list = lists[index];
    const gateways = list?.status === "fulfilled" ? list.value : [];
    const ofCalls = gateways.filter(({ holds }) => holds === undefined);
    return ofCalls.map(({ id }) => ({ ref: { sourceId: account.id, collectionId: id }, account }));
  });
}

const SHOWN = "shownAccount";
/** State key: accounts that were signed in when this window last checked. */
const SIGNED_IN = "signedInAccounts";

/** An account of a session that lasts until `signal` is aborted. */
function accountOf(
  account: SignedInAccount,
  kind: SourceKind,
  { client, source, collections }: Pick<SessionAccount, "client" | "source"> & Pick<LogSource, "collections">,
  signal: AbortSignal,
): SessionAccount {
  let gateways: Promise<readonly Collection[]> | undefined;
  const read = () => collections({ signal });
  const api = client ? { client } : {};
  return Object.assign(account, { kind, source, gateways: () => (gateways ??= read()), ...api });
}

/** Creates the session on demand, and a new one after each change. */
export class Sessions {
  readonly #tokens: Tokens;
  readonly #locals: readonly LocalAccount[];
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when an account, a token or an address changes. */
  readonly onDidChange = this.#changed.event;
  readonly #signedOut = new vscode.EventEmitter<string>();
  /** Fires when an account was signed out, here, in another window, or while this one was closed: remove its data. */
  readonly onDidSignOut = this.#signedOut.event;
  readonly #stores: Stores;
  /** Fires when a gateway's logs were found in another store than before: what lists them reads again. */
  readonly onDidMove: vscode.Event<CollectionRef>;
  readonly #connections: Connections;
  readonly #subscriptions: vscode.Disposable[];
  #abort = new AbortController();
  /** The last check for sign-outs. */
  #looked: Promise<void> = Promise.resolve();
  #current: Promise<Session> | undefined;

  constructor(tokens: Tokens, locals: readonly LocalAccount[], state: vscode.Memento, logger: Logger) {
    this.#tokens = tokens;
    this.#locals = locals;
    this.#state = state;
    this.#stores = new Stores(state);
    this.onDidMove = this.#stores.onDidMove;
    this.#connections = new Connections(tokens, this.#stores, logger);
    this.#subscriptions = [
      tokens.onDidChange(() => {
        this.renew();
        // Also checks if the session isn't used now.
        this.#lookForSignOuts().catch((error: unknown) => logger.warn(`accounts: ${String(error)}`));
      }),
      ...locals.map((local) => local.onDidChange(() => this.renew())),
      vscode.workspace.onDidChangeConfiguration((change) => {
        const sections = ["aiGateway.apiBaseUrl", "aiGateway.observability", "http"];
        if (!sections.some((section) => change.affectsConfiguration(section))) return;
        void this.#connections.close();
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
        this.#connections.forget(id);
        this.#stores.forget(id);
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
      const logs = {
        source: (of: CollectionRef) => this.#connections.sourceOf(account, of),
        collections: (options: CallOptions = {}) => this.#connections.collectionsOf(account, options),
      };
      if (account.server) return accountOf(account, account.server.kind, logs, signal);
      const client = () => this.#connections.clientOf(account.id);
      return accountOf(account, "cloudflare", { client, ...logs }, signal);
    });
    for (const local of this.#locals) {
      if (!(await local.isOpen())) continue;
      const account = { id: local.id, name: vscode.l10n.t("on this machine") };
      const sources = () => this.#connections.localSources(local);
      const logs = {
        // Recordings have no audit log.
        ...(local.kind === "sample" ? { client: () => local.client() } : {}),
        source: async (of: CollectionRef) => (await sources()).of(of),
        collections: async (options?: CallOptions) => (await sources()).collections(options),
      };
      accounts.push(accountOf(account, local.kind, logs, signal));
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

  /** Returns the client of any Cloudflare account that is signed in, shown or not; else undefined. */
  async clientOf(sourceId: string): Promise<CloudflareClient | undefined> {
    const { accounts } = await this.current();
    const shown = accounts.find((account) => account.id === sourceId);
    if (shown) return shown.client?.();
    const account = await this.#signedIn(sourceId);
    return account && !account.server ? this.#connections.clientOf(sourceId) : undefined;
  }

  /** Returns the source with a gateway's logs, of any signed-in account, shown or not; undefined without a token. */
  async sourceOf(of: CollectionRef): Promise<LogSource | undefined> {
    const { accounts } = await this.current();
    const shown = accounts.find((account) => account.id === of.sourceId);
    if (shown) return shown.source(of);
    const account = await this.#signedIn(of.sourceId);
    return account && this.#connections.sourceOf(account, of);
  }

  async #signedIn(sourceId: string): Promise<SignedInAccount | undefined> {
    return (await this.#tokens.accounts()).find(({ id }) => id === sourceId);
  }

  /** @see Connections.canOf */
  canOf(of: CollectionRef): readonly Capability[] {
    return this.#connections.canOf(of);
  }

  /** @see Connections.pollIntervalOf */
  pollIntervalOf(of: CollectionRef): number {
    return this.#connections.pollIntervalOf(of);
  }

  /** @see Connections.openTransport */
  openTransport(options?: Pick<TransportOptions, "timeouts">): Promise<Transport> {
    return this.#connections.openTransport(options);
  }

  /** @see Connections.clientWith */
  clientWith(token: string): Promise<CloudflareClient> {
    return this.#connections.clientWith(token);
  }

  /** @see Connections.fetch */
  fetch(): Promise<typeof fetch> {
    return this.#connections.fetch();
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    this.#changed.dispose();
    this.#signedOut.dispose();
    this.#stores.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    await this.#connections.close();
  }
}
