import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import type { Random } from "../src/local/samples/random.ts";

const hexOf = (text: string): string => Buffer.from(text).toString("hex");
const each = (text: string, write: (code: string, at: number) => string): string =>
  Array.from(text, (char, at) => write(hexOf(char), at)).join("");
const escapedJson = (text: string): string => each(text, (code) => `\\u00${code}`);

/** Ways to echo a credential. */
const FORMS: ((secret: string, random: Random) => string)[] = [
  (secret) => secret,
  (secret) => `Bearer ${secret}`,
  (secret) => secret.toLowerCase(),
  (secret) => secret.toUpperCase(),
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(`Bearer ${secret}`).toString("base64"),
  (secret) => Buffer.from(`team@example.test:${secret}`).toString("base64"),
  (secret, random) => Buffer.from(`${"x".repeat(random.between(0, 5))}${secret}, and more`).toString("base64url"),
  (secret) => encodeURIComponent(Buffer.from(`:${secret}`).toString("base64")),
  (secret) => encodeURIComponent(secret),
  (secret) => each(secret, (code) => `%${code}`),
  (secret) => each(secret, (code) => `%25${code.toUpperCase()}`),
  (secret, random) => each(secret, (code, at) => (random.chance(0.5) ? `%${code}` : (secret[at] ?? ""))),
  escapedJson,
  (secret) => escapedJson(secret).replaceAll("\\", "\\\\"),
  (secret) => each(secret, (code) => `\\x${code}`),
  (secret) => each(secret, (code) => `&#x${code};`),
  (secret) => each(secret, (code) => `&#${Number.parseInt(code, 16)};`),
  (secret) => each(secret, (code) => `%5Cu00${code}`),
  hexOf,
  (secret) => hexOf(secret).toUpperCase(),
  (secret) => secret.slice(0, -4),
  (secret) => `…${secret.slice(6)}`,
  (secret) => `${secret}${secret}`,
  (secret) => `${secret}.${Buffer.from(secret).toString("base64")}`,
];

/** Returns a credential in one of the forms of an echo, within some words. */
export function echoOf(secret: string, random: Random): string {
  const form = random.pick(FORMS)(secret, random);
  return random.pick([form, `Invalid token ${form}`, `"${form}" is not known`, `${form}: no`, `a=1&key=${form}&b=2`]);
}

/** Response headers that may echo a credential. */
const HEADERS = [
  "cf-ray",
  "content-type",
  "retry-after",
  "x-ratelimit-reset",
  "x-ratelimit-remaining",
  "ratelimit",
  "www-authenticate",
].concat([
  "location",
  "server",
  "set-cookie",
  "refresh",
  "cf-aig-log-id",
  "proxy-authenticate",
  "alt-svc",
  "authorization",
]);

/** Response bodies with an echo in each field of an error. */
const BODIES: ((echo: string, random: Random) => string)[] = [
  (echo) => JSON.stringify({ success: false, errors: [{ code: 10_000, message: echo }], result: null }),
  (echo) => JSON.stringify({ success: false, errors: [{ code: echo, message: "No" }] }),
  (echo) =>
    JSON.stringify({ success: false, errors: [{ code: echo, message: echo, documentation_url: `https://${echo}` }] }),
  (echo) =>
    JSON.stringify({
      success: false,
      errors: [{ code: 1, message: "No", source: { pointer: echo }, error_chain: [{ message: echo }] }],
    }),
  (echo) =>
    JSON.stringify({
      success: false,
      errors: [{ message: { text: echo } }],
      messages: [{ code: echo, message: echo }],
    }),
  // The echo's escapes become the JSON's.
  (echo) => `{"success":false,"errors":[{"code":9109,"message":"${echo.replace(/["\n]/g, "")}"}]}`,
  (echo) => JSON.stringify({ success: false, result: { [echo]: echo } }),
  (echo) => JSON.stringify({ success: true, result: { [echo]: echo, id: 5, created_at: echo } }),
  (echo) => JSON.stringify({ success: true, result: echo }),
  (echo) => JSON.stringify({ success: true, result: { id: echo, status: echo } }),
  (echo) => JSON.stringify({ error: { message: echo, type: echo, code: echo } }),
  (echo) => JSON.stringify([{ error: echo }]),
  (echo) => `<html><title>${echo}</title><p>Authorization: ${echo}</p>`,
  (echo) => echo,
  (echo, random) => `${echo}${Buffer.from(random.bytes(20)).toString("latin1")}`,
];

const STATUSES = [
  200, 200, 201, 204, 301, 302, 307, 308, 400, 401, 403, 404, 407, 408, 409, 421, 422, 429, 429, 500, 502, 503, 599,
];

/** Invalid responses: undici's errors include what it couldn't parse. */
const GARBAGE: ((echo: string) => string)[] = [
  (echo) => `${echo}\r\n\r\n`,
  (echo) => `HTTP/1.1 ${echo} OK\r\n\r\n`,
  (echo) => `HTTP/1.1 200 OK\r\n${echo}\r\n\r\n`,
  (echo) => `HTTP/1.1 200 OK\r\n${echo} : x\r\ncontent-length: ${echo}\r\n\r\n`,
  (echo) => `HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\nx: ${echo}\r\n\r\n${echo}`,
  (echo) => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${echo}\r\n${echo}\r\n`,
  (echo) => `HTTP/1.1 200 OK\r\ntransfer-encoding: ${echo}\r\ncontent-length: 3\r\n\r\n${echo}`,
  (echo) => `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n${echo}`,
  (echo) =>
    `HTTP/1.1 200 OK\r\ncontent-length: 5000\r\ncf-ray: ${echo}\r\n\r\n{"success":false,"errors":[{"message":"${echo}"`,
  (echo) => `HTTP/1.1 101 ${echo}\r\nupgrade: ${echo}\r\nconnection: upgrade\r\n\r\n${echo}`,
  (echo) => `HTTP/9.9 200 ${echo}\r\n\r\n`,
];

/** Returns a response, in wire format, that echoes a credential in some of its parts. */
export function echoingAnswer(secret: string, random: Random): Buffer {
  const echo = () => echoOf(secret, random);
  if (random.chance(0.2)) return Buffer.from(random.pick(GARBAGE)(echo()), "latin1");
  const status = random.pick(STATUSES);
  const body = status === 204 ? "" : random.pick(BODIES)(echo(), random);
  const headers = HEADERS.filter(() => random.chance(0.3)).map((name) => `${name}: ${echo()}`);
  const reason = random.chance(0.3) ? echo() : "No";
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    ...headers,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]);
}

/** A server on loopback that sends each request the next response verbatim, and closes the connection. */
export async function startEchoingServer(next: () => Buffer) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.once("data", () => socket.end(next()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/**
 * Yields a text as someone searching it for a secret would read it: unescaped, and decoded from hexadecimal and base64.
 */
function* readings(text: string): Generator<string> {
  let current = text;
  for (let round = 0; round < 4; round++) {
    yield current;
    for (const [run] of current.matchAll(/[\da-z+/_-]{12,}/gi))
      for (let from = 0; from < 4; from++) {
        yield Buffer.from(run.slice(from), "base64").toString("latin1");
        yield Buffer.from(run.slice(from), "hex").toString("latin1");
      }
    current = current
      .replace(/%(?:25)*([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\+u([\da-f]{4})|\\+x([\da-f]{2})/gi, (_, code?: string, byte?: string) =>
        String.fromCharCode(Number.parseInt(code ?? byte ?? "", 16)),
      )
      .replace(/&#x([\da-f]+);/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  }
}

/** Whether a text reveals 12 consecutive characters of a secret, in any form. */
export function tells(text: string, secret: string): boolean {
  const windows = Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12).toLowerCase());
  return [...readings(text)].some((reading) => {
    const lower = reading.toLowerCase();
    return windows.some((window) => lower.includes(window));
  });
}
