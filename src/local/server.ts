import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Answer, failure, Refusal } from "./answers.ts";
import type { Place } from "./call.ts";
import { Deletions } from "./deletions.ts";
import { infer, type InferencePlace } from "./inference/infer.ts";
import { inferenceOf } from "./inference/call.ts";
import type { ObservabilityOptions } from "./observability/handlers.ts";
import { RateCounter, type RateLimit } from "./rate.ts";
import { route } from "./routes.ts";
import type { LogStore } from "./store.ts";
import { authenticate, idOf, type LocalKey, type LocalToken, PERMISSIONS } from "./tokens.ts";
import { Totals } from "./totals.ts";

const BASE_PATH = "/client/v4";
const INFERENCE_PATH = "/v1";
const MOST_BODY_BYTES = 1_048_576;
/** Requests may contain images. */
const MOST_INFERENCE_BYTES = 25 * 1_048_576;
const MOST_CALLS = 1000;

export type LocalGatewayOptions = {
  store: LogStore;
  /** Value of the single token with all permissions; random by default. */
  token?: string;
  /** Additional tokens. */
  tokens?: LocalToken[];
  /** Global API keys, for X-Auth-Email and X-Auth-Key. */
  keys?: LocalKey[];
  /** 0 or absent for any free port. */
  port?: number;
  rateLimit?: RateLimit;
  /** Delay between a DELETE and the removal of its logs. */
  deleteDelayMs?: number;
  /** How long `total_count` stays the same after a DELETE. */
  keepTotalsMs?: number;
  /** How Workers Observability behaves. */
  observability?: ObservabilityOptions;
  /** The clock, in ms since 1970. */
  now?: () => number;
  /** Called with internal errors; the caller gets only a 500. */
  onError?: (error: unknown) => void;
};

export type LocalGateway = {
  /** `http://127.0.0.1:PORT/client/v4` */
  baseUrl: string;
  /** `http://127.0.0.1:PORT/v1`: base for inference calls, like `https://gateway.ai.cloudflare.com/v1`. */
  gatewayUrl: string;
  token: string;
  /** The newest thousand calls, oldest first. */
  calls: readonly { method: string; url: string; status: number }[];
  /** Resolves when all accepted deletions are done. */
  settled(): Promise<void>;
  /** Completes pending deletions, closes all connections and frees the port. The store stays open. */
  close(): Promise<void>;
};

async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Refusal(failure(413, 7413, "Request body too large"));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A web page could send a form here without a preflight request; programs and extensions send no Origin header. */
async function answerInference(place: InferencePlace, request: IncomingMessage, url: string): Promise<Answer> {
  if (request.headers.origin !== undefined) return failure(403, 1000, "Origin not allowed");
  if (request.method !== "POST") return failure(405, 10_405, "Method not allowed");
  const body = await readBody(request, MOST_INFERENCE_BYTES);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  const call = inferenceOf(url.slice(INFERENCE_PATH.length), headers, body);
  return call === undefined ? failure(404, 7000, "No route for that URI") : infer(place, call);
}

function send(response: ServerResponse, answer: Answer): void {
  const body = "bytes" in answer ? answer.bytes : Buffer.from(JSON.stringify(answer.json));
  const contentType = "bytes" in answer ? answer.contentType : "application/json";
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  // A recorded content type may contain characters that a header can't.
  if (contentType !== undefined && /^[\t\x20-\x7e]+$/.test(contentType))
    response.setHeader("content-type", contentType);
  response.setHeader("content-length", body.length);
  response.end(body);
}

/**
 * Starts a Cloudflare AI Gateway API on 127.0.0.1 for the store. It reproduces the live API's known behavior, including
 * its quirks. It refuses any Host but its own, so a web page can't reach it by DNS rebinding.
 * @throws Error if it can't listen
 */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<LocalGateway> {
  const { store, now = Date.now, onError = () => undefined } = options;
  const token = options.token ?? randomBytes(30).toString("base64url");
  const tokens: LocalToken[] = [
    { value: token, kind: "user", permissions: [...PERMISSIONS] },
    ...(options.tokens ?? []),
  ];
  const rates = new RateCounter(options.rateLimit ?? { limit: 1200, windowMs: 300_000 }, now);
  const deletions = new Deletions(store, options.deleteDelayMs ?? 50, onError);
  const { keepTotalsMs = 5000, observability = {} } = options;
  const place: Place = { store, deletions, totals: new Totals(now), keepTotalsMs, observability, now };
  const inference: InferencePlace = { store, tokens, now };
  const calls: { method: string; url: string; status: number }[] = [];
  let hosts: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse, rayId: string): Promise<Answer> {
    if (!hosts.includes(request.headers.host ?? "")) return failure(403, 1000, "Host not allowed");
    if (request.url?.startsWith(`${INFERENCE_PATH}/`)) return answerInference(inference, request, request.url);
    const credential = authenticate(tokens, options.keys ?? [], request.headers);
    const { allowed, headers } = rates.take(idOf(credential.value));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!allowed) return failure(429, 971, "Please wait and consider throttling your request speed");
    const [path = "", query = ""] = (request.url ?? "").split(/\?(.*)/s, 2);
    if (!path.startsWith(`${BASE_PATH}/`)) return failure(404, 7000, "No route for that URI");
    const body = (await readBody(request, MOST_BODY_BYTES)).toString("utf8");
    return route(place, path.slice(BASE_PATH.length), {
      credential,
      method: request.method ?? "",
      uri: (request.url ?? "").slice(BASE_PATH.length),
      parameters: new URLSearchParams(query),
      body,
      rayId,
      ipAddress: request.socket.remoteAddress ?? "",
      userAgent: request.headers["user-agent"],
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rayId = randomBytes(8).toString("hex");
    response.setHeader("cf-ray", `${rayId}-LOC`);
    let sent: Answer;
    try {
      sent = await answer(request, response, rayId);
    } catch (error) {
      if (!(error instanceof Refusal) && !request.readableAborted) onError(error);
      sent = error instanceof Refusal ? error.answer : failure(500, 1000, "Internal error");
    }
    calls.push({ method: request.method ?? "", url: request.url ?? "", status: sent.status });
    if (calls.length > MOST_CALLS) calls.shift();
    // An unread rest of the body would be parsed as the next call.
    if (!request.complete) response.setHeader("connection", "close");
    send(response, sent);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  server.on("error", onError);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    baseUrl: `http://127.0.0.1:${port}${BASE_PATH}`,
    gatewayUrl: `http://127.0.0.1:${port}${INFERENCE_PATH}`,
    token,
    calls,
    settled: () => deletions.settled(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      deletions.finish();
    },
  };
}
