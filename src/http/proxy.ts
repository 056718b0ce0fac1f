import { BlockList, isIP } from "node:net";

/** VS Code's `http.*` settings, verbatim; empty or missing means not set. */
export type ProxySettings = {
  /** `http.proxy`; takes precedence over the environment. */
  url?: string | undefined;
  /** `http.noProxy`; if it has entries, the environment's NO_PROXY is ignored, like in VS Code. */
  noProxy?: readonly string[] | undefined;
  /** `http.proxyAuthorization`: value of Proxy-Authorization; takes precedence over a password in the proxy's URL. */
  authorization?: string | undefined;
  /** `http.proxyStrictSSL`: false accepts any certificate, the proxy's and the API's. */
  strictSSL?: boolean | undefined;
  /**
   * `http.proxySupport`: "off" means no proxy at all, not even the environment's; the other values are equivalent here.
   */
  support?: "off" | "on" | "override" | "fallback" | undefined;
};

/** The environment: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, in lower or upper case. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** A call's route. `uri` holds no password. */
export type Route =
  | { kind: "direct" }
  | { kind: "proxy"; uri: string; authorization: string | undefined }
  | { kind: "unsupported"; reason: string };

/** Returns the route to an address. Loopback is always direct, like in VS Code; reasons hold no password. */
export function routeTo(url: URL, settings: ProxySettings = {}, environment: ProxyEnvironment = {}): Route {
  const read = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined;
  if (settings.support === "off" || isLoopback(url)) return { kind: "direct" };
  const address = settings.url?.trim() || (read("https_proxy") ?? read("http_proxy") ?? read("all_proxy"))?.trim();
  const exceptions = settings.noProxy?.length ? settings.noProxy.join(",") : (read("no_proxy") ?? "");
  if (!address || isExempt(url, exceptions)) return { kind: "direct" };
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  if (!proxy) return { kind: "unsupported", reason: "the address of the proxy is not a URL" };
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    return { kind: "unsupported", reason: `proxies of the kind ${proxy.protocol.slice(0, -1)} are not supported` };
  }
  return { kind: "proxy", uri: proxy.origin, authorization: settings.authorization || credentialsIn(proxy) };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether an address is on this machine: localhost, 127.0.0.0/8 or ::1. */
export function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  const family = familyOf(host);
  return family === undefined ? host === "localhost" : LOOPBACK.check(host, family);
}

/** Returns the bare host: without IPv6 brackets and the trailing dot of a full name. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

/**
 * Whether an address is on a list like NO_PROXY, separated by commas or white space: `*`; a name, which includes its
 * subdomains (with or without a leading dot); `*.name`, for subdomains only; an IP address, or a network in CIDR
 * notation. Each except a network may have a port; an IPv6 address is then in brackets.
 */
function isExempt(url: URL, list: string): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const family = familyOf(host);
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      const [, name = "", ofPort] = isIP(entry) ? ["", entry] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []);
      if (!name || (ofPort && ofPort !== port)) return false;
      if (name === "*") return true;
      const [address = "", bits] = name.split("/");
      if (isIP(address)) return family !== undefined && networkOf(address, bits)?.check(host, family) === true;
      if (family) return false;
      const below = name.replace(/^\*?\./, "").replace(/\.$/, "");
      return (!name.startsWith("*.") && host === below) || host.endsWith(`.${below}`);
    });
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

/** Returns an entry's network; undefined for an invalid number of bits. */
function networkOf(address: string, bits: string | undefined): BlockList | undefined {
  const most = isIP(address) === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(prefix <= most)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, prefix, familyOf(address) ?? "ipv4");
  return network;
}

/** Returns the Basic credentials in a proxy's URL. */
function credentialsIn({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}`;
}

/** An invalid percent sign is literal. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
