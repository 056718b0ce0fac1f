import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerIdentity } from "./tls.ts";

export type TestServer = {
  url: string;
  port: number;
  /** Connections that are open now. */
  sockets: ReadonlySet<Socket>;
  /** Connections that were ever made. */
  readonly connections: number;
  close(): Promise<void>;
};

/** Starts a server on loopback at a free port, with TLS if given an identity. */
export async function startServer(
  listener: RequestListener,
  options: { identity?: ServerIdentity; host?: string } = {},
): Promise<TestServer> {
  const { identity, host = "127.0.0.1" } = options;
  return listening(identity ? createSecureServer(identity, listener) : createServer(listener), host, !!identity);
}

export type ProxyOptions = {
  identity?: ServerIdentity;
  /** Required Proxy-Authorization; any by default. */
  authorization?: string;
  /** Answers every CONNECT with this status instead of making a tunnel. */
  refusesWith?: number;
  /** Leaves every CONNECT without an answer. */
  silent?: boolean;
  /** Loopback port where tunnels end, whatever the requested name. */
  to: number;
  /** Address to listen on; 127.0.0.1 by default. */
  host?: string;
};

/** Whether this machine has an address. */
export async function hasAddress(host: string): Promise<boolean> {
  const probe = createServer().listen(0, host);
  const ready = await once(probe, "listening").then(
    () => true,
    () => false,
  );
  probe.close();
  return ready;
}

/** A real proxy that only makes CONNECT tunnels, to loopback, so that names needn't exist. */
export async function startProxy(options: ProxyOptions) {
  const asked: { authority: string; authorization: string | undefined }[] = [];
  const server = options.identity ? createSecureServer(options.identity) : createServer();
  server.on("request", (_request, response) => response.writeHead(405).end());
  server.on("connect", (request: IncomingMessage, client: Duplex) => {
    const authorization = request.headers["proxy-authorization"];
    asked.push({ authority: request.url ?? "", authorization });
    client.on("error", () => client.destroy());
    if (options.silent) {
      client.on("end", () => client.destroy()).resume();
      return;
    }
    const wrong = options.authorization !== undefined && options.authorization !== authorization;
    const status = options.refusesWith ?? (wrong ? 407 : 200);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const target = connect(options.to, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => target.destroy());
  });
  return Object.assign(await listening(server, options.host ?? "127.0.0.1", !!options.identity), { asked });
}

async function listening(server: Server, host: string, secure: boolean): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${secure ? "https" : "http"}://${name}:${port}`,
    port,
    sockets,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}
