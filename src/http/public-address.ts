import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * Nonpublic IPv4 networks: the IANA registry of special-purpose addresses, multicast (224/4), and the address of
 * Azure's metadata service.
 */
const RESERVED_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/**
 * Networks within global unicast (2000::/3) without sites: protocol assignments with Teredo, benchmarking and ORCHID
 * (2001::/23), documentation, 6to4 and the former 6bone. Addresses outside of global unicast aren't public, including
 * IPv4-mapped and -compatible forms.
 */
const RESERVED_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20"];

/**
 * Prefix by which IPv6-only networks reach IPv4 (RFC 6052): such an address is as public as the IPv4 address in its
 * last 32 bits.
 */
const NAT64 = "64:ff9b::";

/**
 * Suffixes of names in the local network, or on this machine (RFC 6761, 6762 with its appendix G, 8375; ICANN 2024).
 */
const LOCAL_ENDING = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Names of clouds' metadata services without a local suffix. */
const METADATA_NAMES = new Set(["metadata.goog", "metadata.tencentyun.com"]);

const reserved = new BlockList();
const routed = new BlockList();
routed.addSubnet("2000::", 3, "ipv6");
routed.addSubnet(NAT64, 96, "ipv6");
for (const [network, bits] of RESERVED_IPV4.map(partsOf)) {
  reserved.addSubnet(network, bits, "ipv4");
  reserved.addSubnet(NAT64 + network, 96 + bits, "ipv6");
}
for (const [network, bits] of RESERVED_IPV6.map(partsOf)) reserved.addSubnet(network, bits, "ipv6");

function partsOf(subnet: string): [network: string, bits: number] {
  const [network = "", bits] = subnet.split("/");
  return [network, Number(bits)];
}

/**
 * Whether an IP address, in a form that Node parses, is on the public internet. Anything else, also with a zone
 * (`%eth0`), isn't.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reserved.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return routed.check(address, "ipv6") && !reserved.check(address, "ipv6");
}

/**
 * Whether a URL's `hostname` may be on the public internet: a public address, or a name of several labels without a
 * local suffix. Doesn't resolve names.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  if (isIPv4(host) || isIPv6(host)) return isPublicAddress(host);
  return host.includes(".") && !LOCAL_ENDING.test(host) && !METADATA_NAMES.has(host);
}
