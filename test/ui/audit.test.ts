import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const ATTACK = `<img src=x onerror="document.title='pwned'"> [x](command:aiGateway.signOut) $(flame)`;

describe("the audit log", () => {
  let gateway: TestGateway;
  let window: Window;

  const add = (id: string, minutes: number, type: string, more: Record<string, string> = {}) =>
    gateway.store.audit.add({
      accountId: ACCOUNT,
      time: new Date(new Date().setHours(0, 0, 0, 0) - minutes * 60_000),
      description: ATTACK,
      request: { note: ATTACK },
      fields: {
        id,
        action_type: type,
        action_result: "success",
        actor_email: "alice@example.com",
        resource_id: "production",
        resource_type: "ai_gateway.gateway",
        resource_product: "ai_gateway",
        raw_method: "PUT",
        raw_uri: `/accounts/${ACCOUNT}/ai-gateway/gateways/production`,
        ...more,
      },
    });

  const auditCalls = () => gateway.calls.filter(({ url }) => url.includes("/logs/audit"));

  before(async () => {
    gateway = await startTestGateway();
    gateway.store.insert([aLog({ createdAt: new Date(Date.now() - 60_000) })]);
    add("updated", 10, "update");
    add("created", 20, "create");
    add("member", 30, "create", {
      resource_id: "bob",
      resource_type: "members",
      resource_product: "members",
      raw_uri: "/m",
    });
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  it("is folded at first and calls nothing; opened, it has the days with what was done", async () => {
    assert.equal(auditCalls().length, 0);
    await window.openAuditLog();
    await window.expandRow(/^Yesterday, 3 entries/);
    await window.row(/^gateway production, updated, succeeded, alice@example\.com/).waitFor();
    await window.row(/^members bob, created/).waitFor();
    assert.equal(auditCalls().length, 1);
  });

  it("opens an entry with all that is known, goes on with J, and shows the history", async () => {
    await window.clickRow(/^gateway production, updated/);
    const page = await window.entryPage("updated");
    await page.getByText("alice@example.com").waitFor();
    await page.locator("h1").click();
    await window.page.keyboard.press("j");
    const next = await window.entryPage("created");
    await next.getByRole("button", { name: "Show History" }).click();
    await next.locator(".history .link", { hasText: "updated" }).click();
    const back = await window.entryPage("updated");
    assert.equal(await back.locator("img").count(), 0);
    assert.ok((await back.locator("#view").innerText()).includes(ATTACK));
    await back.getByRole("button", { name: "Copy as JSON" }).click();
    await window.until(
      async () => (await window.page.evaluate<string>("navigator.clipboard.readText()")).includes('"id": "updated"'),
      "the entry is on the clipboard",
    );
  });

  it("shows the gateway of an entry, and what was done to a gateway", async () => {
    const page = await window.entryPage("updated");
    await page.getByRole("button", { name: "Show Gateway" }).click();
    await window.page.locator(".part.sidebar .monaco-list-row.selected", { hasText: "production" }).waitFor();
    await gateway.client.deleteLogs(GATEWAY, {
      filters: [{ key: "provider", operator: "eq", value: ["openai"] }],
      limit: 10,
    });
    await window.rowMenu(/^production/, "Show Audit Log");
    await window.page.locator(".part.sidebar .message", { hasText: "gateway production" }).waitFor();
    await window.expandRow(/^Today, 1 entry/);
    await window.row(/^logs production, deleted, succeeded/).waitFor();
    await window.row(/^members bob/).waitFor({ state: "detached" });
    await window.titleButton("Clear Filter", "Audit Log").click();
    await window.row(/^members bob/).waitFor();
  });

  it("is filtered by a line that is written with completion", async () => {
    await window.titleButton("Edit Filter", "Audit Log").click();
    await window.quickInput.getByText(/^Filter the Audit Log/).waitFor();
    await window.page.keyboard.type("acton:delete");
    await window.quickInput.getByText(/Did you mean/).waitFor();
    await window.page.keyboard.press("Enter");
    await window.quickInput
      .getByText(/^1 entry/)
      .first()
      .waitFor();
    await window.page.keyboard.press("Enter");
    await window.row(/^members bob/).waitFor({ state: "detached" });
    await window.row(/^logs production, deleted/).waitFor();
  });

  it("stands behind the logs in the palette", async () => {
    const titles = await window.paletteTitles("Edit Filter");
    assert.deepEqual(
      titles.filter((title) => title.includes(": Edit Filter")),
      ["AI Gateway: Edit Filter…", "Audit Log (AI Gateway): Edit Filter…"],
    );
  });

  it("is there again after the window is reloaded, with the entry that was open", async () => {
    await window.reload();
    await window.entryPage("updated");
    await window.row(/^logs production, deleted/).waitFor();
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
