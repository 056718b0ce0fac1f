import assert from "node:assert/strict";
import { test } from "node:test";
import { isAborted } from "../../../src/source/errors.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { whenWritten } from "../../../src/resend/written.ts";
import { aLog, GATEWAY, startTestGateway } from "../../gateway.ts";

test("a log that is not there yet is looked for until it is", async (t) => {
  const gateway = await startTestGateway();
  t.after(() => gateway.close());
  const { store, source } = gateway;
  const ref = { ...GATEWAY, logId: "new" };
  const { signal } = new AbortController();
  let looks = 0;
  const slow: LogSource = {
    ...source,
    read: (...given) => {
      if (++looks === 3) store.insert([aLog({ id: "new", createdAt: new Date() })]);
      return source.read(...given);
    },
  };
  assert.equal(await whenWritten(slow, ref, signal, [0, 0]), undefined);
  assert.equal((await whenWritten(slow, ref, signal, [0, 0]))?.id, "new");
  assert.equal(looks, 3);
});

test("waiting for a log can be given up, and any other failure is told", async (t) => {
  const gateway = await startTestGateway();
  t.after(() => gateway.close());
  const { source } = gateway;
  const ref = { ...GATEWAY, logId: "new" };
  const abort = new AbortController();
  const waiting = whenWritten(source, ref, abort.signal, [60_000]);
  abort.abort();
  await assert.rejects(waiting, isAborted);
  await gateway.goAway();
  await assert.rejects(whenWritten(source, ref, new AbortController().signal, [0]), /could not be reached/);
});
