import type { Transport, TransportOptions } from "../http/transport.ts";
import type { Logger } from "../platform/logger.ts";
import { apiBaseUrl, eventFields, gatewayUrl, networkSettings } from "../platform/settings.ts";
import { capabilitiesOf, type Capability } from "../source/capabilities.ts";
import type { Collection, CollectionRef } from "../source/log.ts";
import type { CallOptions } from "../source/query.ts";
import type { LogSource } from "../source/source.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { CallBudgets } from "../sources/cloudflare/http/budget.ts";
import type { LocalAccount } from "./local-account.ts";
import { oneSource, type AccountSources } from "./sources.ts";
import type { Stores } from "./stores.ts";
import type { SignedInAccount, Tokens } from "./tokens.ts";

/** Where requests are sent through Cloudflare's gateways; each gateway has its own token. */
const cloudflareEndpoint = () => Promise.resolve({ url: gatewayUrl() });

/** Makes the sources of accounts, each once, on the connections that they share. */
export class Connections {
  readonly #tokens: Pick<Tokens, "tokenOf">;
  readonly #stores: Pick<Stores, "of" | "set">;
  readonly #logger: Logger;
  readonly #clients = new Map<string, Promise<CloudflareClient>>();
  readonly #sources = new Map<string, Promise<AccountSources>>();
  /** The sources that were made last, by account. */
  readonly #made = new Map<string, AccountSources>();
  #transport: Promise<Transport> | undefined;
  #budgets: CallBudgets | undefined;
  /** The clients that the sources of accounts on this machine were made with. */
  readonly #localClients = new Map<string, CloudflareClient>();

  constructor(tokens: Pick<Tokens, "tokenOf">, stores: Pick<Stores, "of" | "set">, logger: Logger) {
    this.#tokens = tokens;
    this.#stores = stores;
    this.#logger = logger;
  }

  /**
   * Returns what can be done with a collection's logs; nothing before its account's sources were used: what shows logs has
   * used them.
   */
  canOf(of: CollectionRef): readonly Capability[] {
    const source = this.#made.get(of.sourceId)?.known(of);
    return source ? capabilitiesOf(source) : [];
  }

  /** Returns the least time between two automatic refreshes of a collection's logs, in ms. */
  pollIntervalOf(of: CollectionRef): number {
    return (this.#made.get(of.sourceId)?.known(of).lists.pollSeconds ?? 0) * 1000;
  }

  /** Returns the source with a collection's logs. @throws SourceError */
  async sourceOf(account: SignedInAccount, of: CollectionRef): Promise<LogSource> {
    return (await this.#sourcesOf(account)).of(of);
  }

  /** Lists an account's collections. @throws SourceError */
  async collectionsOf(account: SignedInAccount, options: CallOptions): Promise<readonly Collection[]> {
    return (await this.#sourcesOf(account)).collections(options);
  }

  #sourcesOf(account: SignedInAccount): Promise<AccountSources> {
    const { id } = account;
    let sources = this.#sources.get(id);
    if (!sources) {
      sources = this.#sourcesFor(account).then((made) => this.#noted(id, made));
      this.#sources.set(id, sources);
      sources.catch(() => this.#sources.delete(id));
    }
    return sources;
  }

  /** Returns the sources of an account on this machine; new ones if it was removed and made again. */
  async localSources(
    local: Pick<LocalAccount, "id" | "kind" | "client" | "inferenceEndpoint">,
  ): Promise<AccountSources> {
    const { id } = local;
    const [client, { cloudflareSources }] = await Promise.all([local.client(), import("./cloudflare-sources.ts")]);
    const made = this.#made.get(id);
    if (made && this.#localClients.get(id) === client) return made;
    this.#localClients.set(id, client);
    // The sample gateways answer with recorded responses; recorded calls went to a provider, with keys that aren't kept.
    const resend = local.kind === "sample" ? { endpoint: () => local.inferenceEndpoint() } : {};
    const account = { id, client, ...resend, stores: this.#stores, fields: {}, hasPages: false };
    return this.#noted(id, cloudflareSources(account));
  }

  #noted(sourceId: string, sources: AccountSources): AccountSources {
    this.#made.set(sourceId, sources);
    return sources;
  }

  async #sourcesFor({ id, createdAt, server }: SignedInAccount): Promise<AccountSources> {
    if (server) {
      const { verifywiseSource } = await import("../sources/verifywise/source.ts");
      const token = () => this.#tokens.tokenOf(id);
      return oneSource(verifywiseSource({ baseUrl: server.baseUrl, token, fetch: await this.fetch() }));
    }
    const { cloudflareSources } = await import("./cloudflare-sources.ts");
    const [client, stores] = [await this.clientOf(id), this.#stores];
    return cloudflareSources({ id, createdAt, client, endpoint: cloudflareEndpoint, stores, fields: eventFields() });
  }

  /** Returns a client with a token that isn't stored yet, for signing in. */
  clientWith(token: string): Promise<CloudflareClient> {
    return this.#makeClient(() => Promise.resolve(token));
  }

  /** Returns the client of a Cloudflare account. */
  clientOf(accountId: string): Promise<CloudflareClient> {
    let client = this.#clients.get(accountId);
    if (!client) {
      client = this.#makeClient(() => this.#tokens.tokenOf(accountId));
      this.#clients.set(accountId, client);
      client.catch(() => this.#clients.delete(accountId));
    }
    return client;
  }

  async #makeClient(token: () => Promise<string | undefined>): Promise<CloudflareClient> {
    const [{ CloudflareClient }, { CallBudgets }] = await Promise.all([
      import("../sources/cloudflare/client.ts"),
      import("../sources/cloudflare/http/budget.ts"),
    ]);
    this.#budgets ??= new CallBudgets();
    const fetch = await this.fetch();
    const trace = (line: string) => this.#logger.trace(line);
    return new CloudflareClient({ baseUrl: apiBaseUrl(), token, fetch, trace, budgets: this.#budgets });
  }

  /** Returns the fetch of the connections that all accounts share. */
  async fetch(): Promise<typeof fetch> {
    this.#transport ??= this.openTransport();
    return (await this.#transport).fetch;
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

  /** Forgets what was made for an account. */
  forget(accountId: string): void {
    this.#clients.delete(accountId);
    this.#sources.delete(accountId);
    this.#made.delete(accountId);
  }

  /** Closes the connections; what is made later opens new ones, with the settings of then. */
  async close(): Promise<void> {
    this.#clients.clear();
    this.#sources.clear();
    const transport = this.#transport;
    this.#transport = undefined;
    try {
      await (await transport)?.close();
    } catch (error) {
      this.#logger.warn(`closing connections: ${String(error)}`);
    }
  }
}
