import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordedCall } from "../../../../src/chat/snippets/call.ts";
import { bodyOf, traffic, type Body, type Recorded } from "../../../traffic.ts";
import { THROUGH } from "./through.ts";

/** A received request. */
export type Received = { method: string; url: string; headers: NodeJS.Dict<string | string[]>; body: Buffer };

/** A server in the gateway's place, which keeps what it is sent by the gateway's id in the address. */
export async function startReceiver() {
  const received = new Map<string, Received>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      received.set(url.split("/")[3] ?? "", { method, url, headers, body: Buffer.concat(chunks) });
      const isStream = Buffer.concat(chunks).includes('"stream":true');
      response.setHeader("content-type", isStream ? "text/event-stream" : "application/json");
      response.end(isStream ? "data: [DONE]\n\n" : "{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A temporary folder that can import the project's packages. */
export function scratchFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
  symlinkSync(join(import.meta.dirname, "../../../../node_modules"), join(folder, "node_modules"), "junction");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The expected request of a recorded call: for the universal endpoint's list with keys, the logged one. */
function sentOf(request: Body): Body {
  const isList = typeof request === "string" && request.startsWith('[{"provider"');
  const [step] = isList ? (JSON.parse(request) as { query: unknown }[]) : [];
  return step ? JSON.stringify(step.query) : request;
}

/** The recorded requests that are stored, as calls through a gateway that is named after each. */
export function recordedCalls(): { id: string; recorded: Recorded; call: RecordedCall; body: Body }[] {
  return traffic()
    .filter(({ request }) => request !== "")
    .map((recorded, index) => {
      const request = bodyOf(recorded.request, recorded.request_encoding);
      const id = `gateway-${index}`;
      const call = {
        gateway: { sourceId: "account", collectionId: id },
        through: THROUGH,
        provider: recorded.provider,
        path: recorded.path,
        requestContentType: recorded.request_content_type,
        request,
        response: null,
      };
      return { id, recorded, body: sentOf(request), call };
    });
}

/** The environment of a program: its tokens are of no use anywhere. */
export function environment(): NodeJS.ProcessEnv {
  const names = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "AZURE_OPENAI_API_KEY"];
  const keys = Object.fromEntries(names.map((name) => [name, `tok_CANARY_${name}`]));
  return { ...process.env, ...keys, CF_AIG_TOKEN: "tok_CANARY_gateway" };
}
