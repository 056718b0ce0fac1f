import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** A TLS server's key and certificate, as PEM. */
export type ServerIdentity = { key: string; cert: string };

/** A certificate authority of the test's own; what it issues is valid from 2020 to 2120. */
export type Authority = { certificate: string; issue(...names: string[]): ServerIdentity };

/** Creates a certificate authority that is trusted only on request. */
export function createAuthority(name = "Test Company CA"): Authority {
  const { publicKey, privateKey } = newKeys();
  // Basic constraints: an authority; key usage: signs certificates and revocation lists.
  const extensions = [
    extension("2.5.29.19", sequence(der(0x01, Buffer.of(0xff))), true),
    extension("2.5.29.15", der(0x03, Buffer.of(1, 0x06)), true),
  ];
  return {
    certificate: certificate({ subject: name, issuer: name, publicKey, signer: privateKey, extensions }),
    issue: (...names) => {
      const server = newKeys();
      const alternatives = extension("2.5.29.17", sequence(...names.map(generalName)));
      const subject = names[0] ?? name;
      const facts = { subject, issuer: name, publicKey: server.publicKey, signer: privateKey };
      return {
        key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        cert: certificate({ ...facts, extensions: [alternatives] }),
      };
    },
  };
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

type Facts = { subject: string; issuer: string; publicKey: KeyObject; signer: KeyObject; extensions: Buffer[] };

/** A certificate as PEM: RFC 5280, 4.1, signed with ECDSA over SHA-256. */
function certificate({ subject, issuer, publicKey, signer, extensions }: Facts): string {
  const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
  const serial = randomBytes(8);
  serial[0] = 0x40; // positive, and with no byte too many
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.of(2))), // version 3
    der(0x02, serial),
    algorithm,
    distinguishedName(issuer),
    sequence(time("20200101000000Z"), time("21200101000000Z")),
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", toSign, signer));
  const lines =
    sequence(toSign, algorithm, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const time = (text: string) => der(0x18, Buffer.from(text));
const distinguishedName = (name: string) => sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(name)))));
const extension = (id: string, value: Buffer, critical = false) =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value));

function generalName(name: string): Buffer {
  if (isIPv4(name)) return der(0x87, Buffer.from(name.split(".").map(Number)));
  if (name === "::1") return der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.of(1)]));
  if (isIPv6(name)) throw new Error("of the IPv6 addresses only ::1 is known here");
  return der(0x82, Buffer.from(name));
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.of(first * 40 + second, ...bytes));
}
