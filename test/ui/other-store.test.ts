// A person whose gateway's logs are in Workers Observability, with a token that may not read it, and then with one that may.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { eventOf } from "../../src/local/observability/shapes.ts";
import { ACCOUNT, aLog, CANARY, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const NARROW = `${CANARY}narrow`;

describe("a gateway with logs in Workers Observability, in a window", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway({
      tokens: [
        { value: NARROW, kind: "user", permissions: ["accounts:read", "ai-gateway:read", "account-analytics:read"] },
      ],
    });
    const add = (id: string) => gateway.store.addGateway({ sourceId: ACCOUNT, id, createdAt: new Date() });
    add("unlogged");
    gateway.store.events.addCalls({ sourceId: ACCOUNT, collectionId: "unlogged" }, new Date(Date.now() - 60_000), 1204);
    const event = eventOf(aLog({ id: "observed", createdAt: new Date(Date.now() - 5000) }), "openTelemetry");
    const record = { ...event.record, cabin: { vendor: "of no known name" } };
    gateway.store.events.insert(ACCOUNT, [{ ...event, record }]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  it("names the missing permission, and signs in from there", async () => {
    await window.signIn(NARROW);
    await window.expandRow("production");
    await window.clickRow(/^The permission Workers Observability Read is missing/);
    await window.answer(gateway.token, "API token");
    await window.expandRow(/^(Today|Yesterday)/);
    await window.row(/, succeeded, /).waitFor();
  });

  it("shows a log, and all fields of it, recognized or not", async () => {
    await window.clickRow(/, succeeded, /);
    const page = await window.logPage("observed");
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.getByRole("region", { name: "Fields" }).getByText('"vendor": "of no known name"').waitFor();
  });

  it("says of another one that its calls have no logs", async () => {
    await window.expandRow("unlogged");
    await window.row(/^Calls without logs, 1,204/).waitFor();
  });

  it("copies what a bug report needs", async () => {
    await window.rowMenu("production", "Copy Diagnostics");
    await window.notification("Read them before you share them");
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
