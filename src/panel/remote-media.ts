import { isIPv6 } from "node:net";
import { nameOf } from "../cloudflare/http/call.ts";
import { isLoopback } from "../cloudflare/http/proxy.ts";
import { isPublicAddress, isPublicHost } from "../cloudflare/http/public-address.ts";
import type { Transport, TransportOptions } from "../cloudflare/http/transport.ts";
import type { RemoteMedia } from "./protocol.ts";
import { webAddress } from "./intents.ts";

/** Why a medium was not loaded. */
export type MediaRefusal =
  | { type: "address" }
  | { type: "status"; status: number }
  | { type: "contentType"; contentType: string }
  | { type: "tooLarge" }
  | { type: "timeout" }
  | { type: "unreachable" };

export type LoadedMedia = Extract<RemoteMedia, { state: "loaded" }>;

/** Bytes of a medium that are shown. */
export const LARGEST_MEDIUM = 5 * 1024 * 1024;

const DEADLINE = 20_000;
const REDIRECTS = 4;
const KINDS = /^(?:(?:image|audio|video)\/[\w.+-]+|application\/pdf)$/i;

/** An address to fetch from: https at a public host, or on this machine where that is allowed. */
function fetchable(text: string, mayBeHere: boolean): URL | undefined {
  const url = webAddress(text);
  if (!url) return undefined;
  const isAllowed = isLoopback(url) ? mayBeHere : url.protocol === "https:" && isPublicHost(url.hostname);
  return isAllowed ? url : undefined;
}

const isLoopbackHost = (host: string): boolean => isLoopback(new URL(`http://${isIPv6(host) ? `[${host}]` : host}`));

/** What may be connected to: public addresses, and for a host that names this machine its own. */
const mayConnect: NonNullable<TransportOptions["mayConnect"]> = (address, host) =>
  isPublicAddress(address) || (isLoopbackHost(host) && isLoopbackHost(address));

/** The bytes of an answer, or undefined when there are too many. */
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
    // Neither cookies nor a token nor a referrer: the host learns that somebody loads it, and nothing else.
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
 * Fetches a medium that a log only names: an image, sound, film or PDF of at most 5 MiB, over https, in 20 seconds, with
 * connections of its own that end with it. Hosts that are not public are not asked, however they are named and wherever a
 * redirect leads. Rejects with the signal's reason when aborted, and with nothing else.
 * @param mayBeHere whether http and an address on this machine are allowed, as the sample logs have them
 * @param openTransport makes a transport that connects to nothing but what its argument allows
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
