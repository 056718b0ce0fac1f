import { crc32, deflateSync } from "node:zlib";

function part(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

/** A small PNG in base64: a wheel with spokes, drawn pixel by pixel. */
export function wheelPicture(size = 48): string {
  const rows: number[] = [];
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    rows.push(0);
    for (let x = 0; x < size; x++) {
      const distance = Math.hypot(x - middle, y - middle) / middle;
      const angle = Math.atan2(y - middle, x - middle);
      const spoke = distance < 0.8 && Math.abs(Math.sin(angle * 6)) < 0.12 / (distance + 0.1);
      if (distance > 0.8 && distance < 0.98) rows.push(34, 34, 40);
      else if (distance < 0.14) rows.push(210, 70, 40);
      else if (spoke) rows.push(120, 124, 134);
      else rows.push(232, 240, 246);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    part("IHDR", header),
    part("IDAT", deflateSync(Uint8Array.from(rows))),
    part("IEND", Buffer.alloc(0)),
  ]).toString("base64");
}
