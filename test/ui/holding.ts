import { once } from "node:events";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { startServer } from "../proxy.ts";

/** A server on loopback that forwards calls to the API at `target`, and delays chosen responses. */
export async function startHolding(target: string) {
  const held = new Map<string, Promise<void>>();
  const asked: string[] = [];
  const answered: string[] = [];

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "";
    asked.push(url);
    const { authorization = "" } = request.headers;
    const answer = await fetch(new URL(url, target), { headers: { authorization } });
    const body = await answer.text();
    for (const [part, until] of held) if (url.includes(part)) await until;
    answered.push(url);
    const closed = once(response, "close");
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(body);
    await closed;
  }

  const server = await startServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  return {
    baseUrl: `${server.url}/client/v4`,
    /** URLs of the received calls, and of the answered ones, in order. */
    asked,
    answered,
    /** Delays responses to calls with this text in their URL until the returned function is called. */
    hold: (part: string): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(part, promise);
      return () => {
        held.delete(part);
        resolve();
      };
    },
    close: () => server.close(),
  };
}
