import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Ways in which something between here and the API can answer instead of it. */
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

/** A server on loopback that answers each call with the fault that is set. */
export async function startFaultyServer(fault: Fault) {
  const state = { fault, calls: [] as { url: string; authorization: string | undefined }[] };
  const server = createServer((request, response) => {
    state.calls.push({ url: request.url ?? "", authorization: request.headers.authorization });
    FAULTS[state.fault](response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/client/v4`,
    state,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
