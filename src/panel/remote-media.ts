import { isIPv6 } from "node:net";
import { nameOf } from "../http/error-name.ts";
import { isLoopback } from "../http/proxy.ts";
import { isPublicAddress, isPublicHost } from "../http/public-address.ts";
import type { Transport, TransportOptions } from "../http/transport.ts";
import type { RemoteMedia } from "./protocol.ts";
import { webAddress } from "./intents.ts";

/** The reason why a medium wasn't loaded. */
export type MediaRefusal =
  | { type: "address" }
  | { type: "status"; status: number }
  | { type: "contentType"; contentType: string }
  | { type: "tooLarge" }
  | { type: "timeout" }
  | { type: "unreachable" };

export type LoadedMedia = Extract<RemoteMedia, { state: "loaded" }>;

/** Maximum size of a medium, in bytes. */
export const LARGEST_MEDIUM = 5 * 1024 * 1024;

const DEADLINE = 20_000;
const REDIRECTS = 4;
const KINDS = /^(?:(?:image|audio|video)\/[\w.+-]+|application\/pdf)$/i;

/** Returns a URL that may be fetched: https at a public host, or on this machine if allowed. */
function fetchable(text: string, mayBeHere: boolean): URL | undefined {
  const url = webAddress(text);
  if (!url) return undefined;
  const isAllowed = isLoopback(url) ? mayBeHere : url.protocol === "https:" && isPublicHost(url.hostname);
  return isAllowed ? url : undefined;
}

const isLoopbackHost = (host: string): boolean => isLoopback(new URL(`http://${isIPv6(host) ? `[${host}]` : host}`));

/** Returns whether an address may be connected to: public ones and, for a host name of this machine, its own. */
const mayConnect: NonNullable<TransportOptions["mayConnect"]> = (address, host) =>
  isPublicAddress(address) || (isLoopbackHost(host) && isLoopbackHost(address));

/** Reads a response's bytes, or returns undefined if there are too many. */
async function bytesOf(response: Response): Promise<Buffer | undefined> {
  if (Number(response.headers.get("content-length") ?? 0) > LARGEST_MEDIUM) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_MEDIUM) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function fetchMedium(address: string, mayBeHere: boolean, fetch: Transport["fetch"], signal: AbortSignal) {
  let url = fetchable(address, mayBeHere);
  for (let redirects = 0; url && redirects <= REDIRECTS; redirects++) {
    // Without cookies, token and referrer: the host learns only that someone loads it.
    const response = await fetch(url.href, {
      headers: { accept: "image/*, audio/*, video/*, application/pdf" },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "manual",
      signal,
    });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (location === null) return response;
    await response.body?.cancel();
    url = fetchable(URL.parse(location, url.href)?.href ?? "", mayBeHere && isLoopback(url));
  }
  return undefined;
}

/**
 * Fetches a medium referenced by a log: an image, audio, video or PDF of at most 5 MiB, over https, within 20 seconds,
 * over its own connections, closed afterward. Never connects to non-public hosts, under any name or after any redirect.
 * Rejects only with the signal's reason, when aborted.
 * @param mayBeHere whether http and addresses on this machine are allowed, as in the sample logs
 * @param openTransport creates a transport limited to the connections that its argument allows
 */
export async function loadMedia(
  address: string,
  mayBeHere: boolean,
  openTransport: (options: Required<Pick<TransportOptions, "mayConnect">>) => Transport,
  signal: AbortSignal,
): Promise<LoadedMedia | MediaRefusal> {
  if (!fetchable(address, mayBeHere)) return { type: "address" };
  const deadline = AbortSignal.timeout(DEADLINE);
  const transport = openTransport({ mayConnect });
  try {
    const response = await fetchMedium(address, mayBeHere, transport.fetch, AbortSignal.any([signal, deadline]));
    if (!response) return { type: "address" };
    if (!response.ok) return { type: "status", status: response.status };
    const contentType = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (!KINDS.test(contentType)) return { type: "contentType", contentType };
    const bytes = await bytesOf(response);
    return bytes ? { state: "loaded", mimeType: contentType, data: bytes.toString("base64") } : { type: "tooLarge" };
  } catch (error) {
    signal.throwIfAborted();
    if (nameOf(error) === "ADDRESS_REFUSED") return { type: "address" };
    return { type: deadline.aborted ? "timeout" : "unreachable" };
  } finally {
    await transport.close();
  }
}
