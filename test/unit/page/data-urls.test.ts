import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutBytes } from "../../../media/log/data-urls.ts";

const tell = (bytes: number): string => `${bytes} bytes`;

describe("withoutBytes", () => {
  it("tells the bytes of each data: address by their number, and leaves the rest as it is", () => {
    const data = Buffer.alloc(300_001, "picture").toString("base64");
    const url = `data:image/png;base64,${data}`;
    const short = `data:image/png;base64,${data.slice(0, 100)}`;
    const head = `data:image/png;base64,${data.slice(0, 40)}… (300001 bytes)`;
    assert.equal(withoutBytes(`a ![p](${url}) b (${url}) ${short}`, tell), `a ![p](${head}) b (${head}) ${short}`);
  });

  it("takes nothing else for bytes", () => {
    for (const text of ["x".repeat(1000), `data:text/plain,${"x".repeat(1000)}`, "data:".repeat(1000)])
      assert.equal(withoutBytes(text, tell), text);
  });
});
