// Whatever an upstream does, a program sees the same with and without the recorder.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { recording, startSockets } from "../../recorder.ts";

const SCENARIOS = 300;

/** Undici reads status messages as UTF-8, and can't keep the bytes of other ones. */
const UTF_8 = Buffer.from("Très bien").toString("latin1");

type Fault = "none" | "before" | "in the head" | "in the body" | "nonsense";
type Scenario = {
  method: string;
  /** Status line and headers, with the empty line. */
  head: string;
  hint: string;
  pieces: Buffer[];
  isChunked: boolean;
  trailers: string;
  fault: Fault;
  isReset: boolean;
};

function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const method = random.pick(["GET", "POST", "POST", "PUT", "HEAD", "DELETE"]);
  const status = random.pick([200, 200, 200, 201, 204, 304, 400, 401, 404, 413, 429, 500, 503, 529]);
  const framing = random.pick(["length", "chunks", "chunks", "close"]);
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  const pieces = Array.from({ length: isEmpty ? 0 : random.between(0, 5) }, () =>
    Buffer.from(random.bytes(random.between(1, 3000))),
  );
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const fault: Fault = random.chance(0.4)
    ? "none"
    : random.pick(["before", "in the head", "in the body", "in the body", "nonsense"] as const);
  // A body without a length has to be shorter than it says, to break.
  const missing = fault === "in the body" ? 10 : 0;
  const framed = {
    length: [`${random.pick(["Content-Length", "content-length"])}: ${length + missing}`],
    chunks: ["Transfer-Encoding: chunked"],
    close: ["Connection: close"],
  }[framing as "length"];
  const trailers = framing === "chunks" && random.chance(0.3) ? "X-Sum: 1\r\nx-sum: 2\r\n" : "";
  const names = ["X-A", "x-a", "Set-Cookie", "ETag", "content-type", "X-Request-ID", "Retry-After"];
  const lines = [
    `HTTP/1.1 ${status} ${random.pick(["OK", "", UTF_8, "Something else"])}`,
    ...Array.from(
      { length: random.between(0, 6) },
      () => `${random.pick(names)}: ${random.pick(["1", "a=b; c", "\u00e9"])}`,
    ),
    ...(isEmpty && framing !== "length" ? [] : framed),
  ];
  return {
    method,
    head: `${lines.join("\r\n")}\r\n\r\n`,
    hint: random.chance(0.2) ? "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" : "",
    pieces,
    isChunked: framing === "chunks" && !isEmpty,
    trailers,
    fault: isEmpty && (fault === "in the body" || fault === "nonsense") ? "none" : fault,
    // Undici takes a reset of a body that ends with its connection for the end, as it can't know better on all systems.
    isReset: framing !== "close" && random.chance(0.5),
  };
}

/** Counts what programs have received, so that an upstream can wait for it. */
const arrivals = new EventEmitter().setMaxListeners(0);
const received = new Map<string, number>();

async function arrived(run: string, bytes: number): Promise<void> {
  while ((received.get(run) ?? -1) < bytes) await once(arrivals, run);
}

async function answer(socket: Socket, run: string, scenario: Scenario): Promise<void> {
  const { head, hint, pieces, isChunked, trailers, fault, isReset } = scenario;
  const leave = (): void => void (isReset ? socket.resetAndDestroy() : socket.end());
  const write = (data: string | Buffer): void => void socket.write(data, "latin1");
  if (fault === "before") return leave();
  if (fault === "in the head") {
    write(head.slice(0, 9));
    return leave();
  }
  write(hint + head);
  await arrived(run, 0);
  let sent = 0;
  for (const piece of pieces) {
    write(isChunked ? `${piece.length.toString(16)}\r\n` : "");
    write(piece);
    write(isChunked ? "\r\n" : "");
    sent += piece.length;
    await arrived(run, sent);
  }
  if (fault === "in the body") return leave();
  if (fault === "nonsense" && isChunked) write("nonsense\r\n");
  else if (isChunked) write(`0\r\n${trailers}\r\n`);
  if (/connection: close/i.test(head)) socket.end();
}

type View = { end: "clean" | "broken" | "none"; status?: number; message?: string; rest?: unknown; body: string };

const HIDDEN = /^(?:connection|keep-alive|transfer-encoding|cf-aig-.*)$/i;

async function view(base: string, seed: number, run: string, { method }: Scenario): Promise<View> {
  const request = httpRequest(`${base}/${seed}/${run}`, { method, agent: false });
  request.end(["POST", "PUT"].includes(method) ? "body" : undefined);
  let response: IncomingMessage;
  try {
    [response] = (await once(request, "response")) as [IncomingMessage];
  } catch {
    return { end: "none", body: "" };
  }
  request.on("error", () => undefined);
  const chunks: Buffer[] = [];
  const note = (bytes: number): void => {
    received.set(run, (received.get(run) ?? 0) + bytes);
    arrivals.emit(run);
  };
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    note(chunk.length);
  });
  const ended = once(response, "end").then(
    () => "clean" as const,
    () => "broken" as const,
  );
  note(0);
  const end = await ended;
  const { statusCode = 0, statusMessage = "", rawHeaders, rawTrailers } = response;
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 1 || HIDDEN.test(name) ? [] : [`${name}: ${rawHeaders[at + 1]}`],
  );
  const body = Buffer.concat(chunks).toString("latin1");
  return { end, status: statusCode, message: statusMessage, rest: { headers, trailers: rawTrailers }, body };
}

it(`programs see the same of ${SCENARIOS} random answers and faults`, async (t) => {
  const upstream = await startSockets(t, (socket) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const [, seed = "", run = "", rest = ""] = /^\w+ \/(\d+)\/(\w+) .*?\r\n\r\n(.*)$/s.exec(text) ?? [];
      if (run === "") return;
      const scenario = scenarioOf(Number(seed));
      if (["POST", "PUT"].includes(scenario.method) && !rest.includes("body")) return;
      text = "";
      void answer(socket, run, scenario);
    });
  });
  const { url, heard } = await recording(t, upstream);
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < SCENARIOS; seed++) {
    const scenario = scenarioOf(seed);
    const direct = await view(upstream, seed, `d${seed}`, scenario);
    const recorded = await view(url, seed, `r${seed}`, scenario);
    assert.deepEqual(
      recorded,
      direct,
      `seed ${seed}: ${JSON.stringify({ ...scenario, pieces: scenario.pieces.length })}`,
    );
    const outcome = (await heard[seed]?.ended)?.outcome;
    assert.equal(outcome, direct.end === "clean" ? "finished" : "cut", `seed ${seed}`);
    counts[direct.end] = (counts[direct.end] ?? 0) + 1;
    const passed = Buffer.concat(heard[seed]?.response ?? []).toString("latin1");
    assert.equal(passed, direct.body, `seed ${seed}`);
  }
  for (const end of ["clean", "broken", "none"]) assert.ok((counts[end] ?? 0) > 20, JSON.stringify(counts));
});
