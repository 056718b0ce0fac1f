import type { Transport, TransportOptions } from "../http/transport.ts";
import { SAMPLE_ACCOUNT_ID } from "../local/samples/account.ts";
import type { Logger } from "../platform/logger.ts";
import { apiBaseUrl, gatewayUrl, networkSettings } from "../platform/settings.ts";
import { capabilitiesOf, type Capability } from "../source/capabilities.ts";
import { checkingRows } from "../source/rows.ts";
import type { LogSource } from "../source/source.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import type { CallBudgets } from "../sources/cloudflare/http/budget.ts";
import type { SampleGateway } from "./sample.ts";
import type { SignedInAccount, Tokens } from "./tokens.ts";

/** Where requests are sent through Cloudflare's gateways; each gateway has its own token. */
const cloudflareEndpoint = () => Promise.resolve({ url: gatewayUrl() });

/** Makes the sources of accounts, each once, on the connections that they share. */
export class Connections {
  readonly #tokens: Pick<Tokens, "tokenOf">;
  readonly #sample: Pick<SampleGateway, "client" | "inferenceEndpoint">;
  readonly #logger: Logger;
  readonly #clients = new Map<string, Promise<CloudflareClient>>();
  readonly #sources = new Map<string, Promise<LogSource>>();
  /** The sources that were made last, by account. */
  readonly #made = new Map<string, LogSource>();
  #transport: Promise<Transport> | undefined;
  #budgets: CallBudgets | undefined;

  constructor(
    tokens: Pick<Tokens, "tokenOf">,
    sample: Pick<SampleGateway, "client" | "inferenceEndpoint">,
    logger: Logger,
  ) {
    this.#tokens = tokens;
    this.#sample = sample;
    this.#logger = logger;
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

  /** Returns the source of an account. */
  sourceOf(account: SignedInAccount): Promise<LogSource> {
    const { id } = account;
    let source = this.#sources.get(id);
    if (!source) {
      source = this.#sourceFor(account).then((made) => this.#noted(id, made));
      this.#sources.set(id, source);
      source.catch(() => this.#sources.delete(id));
    }
    return source;
  }

  /** Returns the source of the sample gateway; a new one each time, because that may have been removed. */
  async sampleSource(): Promise<LogSource> {
    const { cloudflareSource } = await import("../sources/cloudflare/source.ts");
    const endpoint = () => this.#sample.inferenceEndpoint();
    const options = { isOnlyStore: true, endpoint };
    // The dashboard doesn't have it.
    const { webPage: _, ...source } = cloudflareSource(await this.#sample.client(), SAMPLE_ACCOUNT_ID, options);
    return this.#noted(SAMPLE_ACCOUNT_ID, source);
  }

  #noted(sourceId: string, source: LogSource): LogSource {
    const checked = checkingRows(source);
    this.#made.set(sourceId, checked);
    return checked;
  }

  async #sourceFor({ id, createdAt, server }: SignedInAccount): Promise<LogSource> {
    if (server) {
      const { verifywiseSource } = await import("../sources/verifywise/source.ts");
      const token = () => this.#tokens.tokenOf(id);
      return verifywiseSource({ baseUrl: server.baseUrl, token, fetch: await this.fetch() });
    }
    const { cloudflareSource } = await import("../sources/cloudflare/source.ts");
    return cloudflareSource(await this.clientOf(id), id, { createdAt, endpoint: cloudflareEndpoint });
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
