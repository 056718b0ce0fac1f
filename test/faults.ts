import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Ways in which something between the client and the API may respond in its place. */
export const FAULTS = {
  html: (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html><h1>Log in to the proxy</h1></html>"),
  empty: (response: ServerResponse) => response.writeHead(200, { "content-type": "application/json" }).end(),
  cutJson: (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"success":true,"result":[{"id":"1"'),
  failedWith200: (response: ServerResponse) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end('{"success":false,"errors":[{"code":7001,"message":"Not today"}],"result":null}'),
  hangsUp: (response: ServerResponse) => response.socket?.destroy(),
  hangsUpHalfWay: (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"success":', () => response.socket?.destroy());
  },
  neverAnswers: () => undefined,
  stopsHalfWay: (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "application/json" }).write('{"success":'),
  redirects: (response: ServerResponse) => response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end(),
  limited: (response: ServerResponse) =>
    response
      .writeHead(429, { "content-type": "application/json", "retry-after": "120" })
      .end('{"success":false,"errors":[{"code":971,"message":"Please wait"}],"result":null}'),
  broken: (response: ServerResponse) =>
    response.writeHead(503, { "content-type": "text/html", "cf-ray": "8f00-FRA" }).end("<html>503</html>"),
  otherShape: (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"success":true,"result":{"logs":[]}}'),
};

export type Fault = keyof typeof FAULTS;

/** A server on loopback that forwards calls to `target` and changes the responses. */
export async function startManglingProxy(target: string, mangle: (body: string, url: string) => string) {
  const server = createServer((request, response) => {
    const pass = async () => {
      const { authorization = "" } = request.headers;
      const answer = await fetch(new URL(request.url ?? "", target), { headers: { authorization } });
      const body = mangle(await answer.text(), request.url ?? "");
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(body);
    };
    pass().catch(() => response.destroy());
  });
  return { baseUrl: `${await listen(server)}/client/v4`, close: () => closed(server) };
}

/** Starts a server on loopback, by default on a free port, that answers every call with the current fault. */
export async function startFaultyServer(fault: Fault, port = 0) {
  const state = { fault, calls: [] as { url: string; authorization: string | undefined }[] };
  const server = createServer((request, response) => {
    state.calls.push({ url: request.url ?? "", authorization: request.headers.authorization });
    FAULTS[state.fault](response);
  });
  return { baseUrl: `${await listen(server, port)}/client/v4`, state, close: () => closed(server) };
}

async function listen(server: Server, port = 0): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
