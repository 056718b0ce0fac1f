import type { Random } from "../src/local/samples/random.ts";

/** Nonpublic IPv4 ranges. */
export const NOT_PUBLIC_IPV4 = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12
  192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
  224.0.0.0/4 240.0.0.0/4 255.255.255.255/32 169.254.169.254/32 127.0.0.1/32
`
  .trim()
  .split(/\s+/);

/** Nonpublic IPv6 ranges, besides those with an embedded IPv4 address. */
export const NOT_PUBLIC_IPV6 = `
  ::/128 ::1/128 ::/8 100::/64 64:ff9b:1::/48 2001::/32 2001:2::/48 2001:10::/28 2001:20::/28
  2001:db8::/32 2002::/16 3ffe::/16 3fff::/20 5f00::/16 fc00::/7 fd00::/8 fe80::/10 fec0::/10 ff00::/8
  ff02::1/128 fd00:ec2::254/128
`
  .trim()
  .split(/\s+/);

const numberOf = (address: string): number =>
  address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);

const bytesOf = (number: number): number[] => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);

/** Returns a random address of an IPv4 range, sometimes its first or last. */
export function ipv4In(range: string, random: Random): string {
  const [network = "", bits] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  const offset = random.chance(0.1) ? random.pick([0, size - 1]) : random.between(0, size - 1);
  return bytesOf(numberOf(network) + offset).join(".");
}

/** Returns a random address of an IPv6 range, sometimes its first or last. */
export function ipv6In(range: string, random: Random): string {
  const [network = "", length] = range.split("/");
  const [head = "", tail = ""] = network.split("::").map((groups) => groups.split(":").filter(Boolean).join(":"));
  const [first, last] = [head, tail].map((groups) => (groups === "" ? [] : groups.split(":")));
  const groups = [
    ...(first ?? []),
    ...Array.from({ length: 8 - (first?.length ?? 0) - (last?.length ?? 0) }, () => "0"),
  ];
  const fixed = [...groups, ...(last ?? [])].map((group) => Number.parseInt(group, 16));
  const fill = random.pick([() => random.between(0, 0xffff), () => 0, () => 0xffff]);
  return fixed
    .map((group, at) => {
      const free = Math.min(16, Math.max(0, (at + 1) * 16 - Number(length)));
      return ((group >> free) << free) | (fill() & (2 ** free - 1));
    })
    .map((group) => group.toString(16))
    .join(":");
}

/** Returns the URL hosts for an IPv4 address: every notation in URLs, and the IPv6 forms that embed it. */
export function hostsFor(address: string): string[] {
  const number = numberOf(address);
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(number);
  const [high, low] = [(a << 8) | b, (c << 8) | d].map((half) => half.toString(16));
  const [notHigh, notLow] = [((a << 8) | b) ^ 0xffff, ((c << 8) | d) ^ 0xffff].map((half) => half.toString(16));
  const octal = (value: number) => `0${value.toString(8)}`;
  return [
    address,
    `${address}.`,
    String(number),
    `0x${number.toString(16)}`,
    octal(number),
    `${a}.${b * 65_536 + c * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    [a, b, c, d].map(octal).join("."),
    [a, b, c, d].map((byte) => `0X${byte.toString(16)}`).join("."),
    `0x${a.toString(16)}.${octal(b)}.${c}.${d}`,
    address.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    address.replaceAll(".", "。"),
    address.replaceAll(".", "%2e"),
    `[::ffff:${address}]`,
    `[::ffff:${high}:${low}]`,
    `[::${address}]`,
    `[::${high}:${low}]`,
    `[0:0:0:0:0:ffff:${high}:${low}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b::${high}:${low}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${high}:${low}::]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:${high}:${low}::1]`,
    `[2001::${notHigh}:${notLow}]`,
  ];
}
