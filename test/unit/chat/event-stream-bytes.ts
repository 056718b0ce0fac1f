import { crc32 } from "node:zlib";

/** Bytes in AWS's event stream encoding, one message an entry: its headers (all strings) and its payload. */
export function eventStream(messages: [headers: Record<string, string>, payload: unknown][]): Uint8Array {
  return new Uint8Array(Buffer.concat(messages.map(([headers, payload]) => message(headers, payload))));
}

/** An event as Bedrock sends it. */
export function event(name: string, payload: unknown): [Record<string, string>, unknown] {
  return [{ ":event-type": name, ":content-type": "application/json", ":message-type": "event" }, payload];
}

/** An event of invoke-with-response-stream, which holds one of the model's own format. */
export function chunk(inner: unknown): [Record<string, string>, unknown] {
  return event("chunk", { bytes: Buffer.from(JSON.stringify(inner)).toString("base64"), p: "abcdef" });
}

/** An exception within a stream. */
export function exception(name: string, message: string): [Record<string, string>, unknown] {
  const headers = { ":exception-type": name, ":content-type": "application/json", ":message-type": "exception" };
  return [headers, { message }];
}

function message(headers: Record<string, string>, payload: unknown): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const checked = Buffer.concat([prelude, head, body]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(checked));
  return Buffer.concat([checked, end]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}
