import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { keyboardPerson, models, mousePerson, shows } from "./browse-person.ts";
import { openWindow, type Window } from "./window.ts";

const HOUR = 3_600_000;

/** Returns times on the day this many days ago, by the hour. */
const on = (daysAgo: number, hour: number) => {
  const day = new Date();
  day.setDate(day.getDate() - daysAgo);
  return new Date(day.setHours(hour, 0, 0, 0));
};

/** A user's call; its model is its name. */
const call = (model: string, user: string, createdAt: Date, cost: number, isFailed = true) =>
  aLog({
    id: model,
    model,
    createdAt,
    cost,
    metadata: { user },
    ...(isFailed && { success: false, statusCode: 500 }),
    response: JSON.stringify({ error: { message: `What went wrong with ${model}.` } }),
  });

/** A step of a chain that falls back from one model to the next. */
const step = (number: number, isFailed: boolean) =>
  aLog({
    id: `chain-${number}`,
    model: `chain-${number}`,
    createdAt: new Date(on(3, 9).getTime() + number * 1000),
    eventId: "event-of-the-chain",
    step: number,
    metadata: { user: "cho" },
    ...(isFailed && { success: false, statusCode: 503 }),
  });

const people = { "the keyboard alone": keyboardPerson, "the mouse": mousePerson };

for (const [hands, personOf] of Object.entries(people)) {
  describe(`with ${hands}`, () => {
    let gateway: TestGateway;
    let window: Window;

    before(async () => {
      gateway = await startTestGateway();
      gateway.store.insert([
        call("today-dear", "ann", new Date(Date.now() - 1000), 9),
        call("dear", "ann", on(1, 14), 0.4),
        call("dearest", "ann", on(1, 9), 0.8),
        call("cheap", "ann", on(1, 11), 0.1),
        call("went-well", "ann", on(1, 12), 5, false),
        call("of-another", "bob", on(1, 10), 7),
        call("long-ago", "ann", on(2, 12), 8),
        step(1, true),
        step(2, true),
        step(3, false),
        call("alone", "cho", new Date(on(3, 9).getTime() + HOUR), 0.01, false),
      ]);
      window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
      await window.signIn(gateway.token);
      await window.row("production").waitFor();
    });

    after(async () => {
      await window.close();
      await gateway.close();
    });

    it("finds yesterday's most expensive failed call of one user", async () => {
      const person = personOf(window);
      await person.expand(/^production/);
      await window.row(/^Yesterday/).waitFor();
      await person.filter(["status:error", "meta.user:ann", "since:yesterday", "until:today"]);
      await window.row(/^production, filtered: 3/).waitFor();
      await person.choose("Sort By", "Highest cost first");
      await shows(window, ["dearest", "dear", "cheap"]);
      await person.open(/^dearest, /);
      const page = await window.logPage("dearest");
      await page.getByText("What went wrong with dearest.").waitFor();
    });

    it("goes on after the window is reloaded: the same filter, order and open nodes", async () => {
      const person = personOf(window);
      await window.reload();
      await shows(window, ["dearest", "dear", "cheap"]);
      await window.page.locator(".part.sidebar .message", { hasText: "failed" }).waitFor();
      await person.open(/^dear, /);
      await (await window.logPage("dear")).getByText("What went wrong with dear.").waitFor();
      await person.choose("Sort By", "Newest first");
      await person.expand(/^Yesterday/);
      await shows(window, ["dear", "cheap", "dearest"]);
      await window.reload();
      await shows(window, ["dear", "cheap", "dearest"]);
      // The restored tab takes the focus once loaded, and would close a list.
      await window.logPage("dear");
      await person.run("Clear Filter");
      await window.row(/^Today/).waitFor();
    });

    it("follows a fallback chain, step by step", async () => {
      const person = personOf(window);
      await person.choose("Group By", "Event (fallbacks and retries together)");
      await window.row(/^chain-1, .*3 steps, then succeeded/).waitFor();
      // The later steps are collapsed.
      assert.ok(!(await models(window)).includes("chain-2"));
      await person.expand(/^chain-1, .*3 steps/);
      await window.row(/^chain-3, /).waitFor();
      const steps = (await models(window)).filter((model) => model.startsWith("chain-"));
      assert.deepEqual(steps, ["chain-1", "chain-1", "chain-2", "chain-3"]);
      await window.row(/^chain-2, .*step 2/).waitFor();
      await person.open(/^chain-1, (?!.*3 steps)/);
      const page = await window.logPage("chain-1");
      if (hands === "the mouse") {
        for (const number of [2, 3]) {
          await page.getByRole("button", { name: "Next log" }).click();
          await window.logPage(`chain-${number}`);
        }
      } else {
        // The frame around the page has the focus a moment before the page itself.
        await window.until(() => page.evaluate<boolean>("document.hasFocus()"), "the page has the focus");
        for (const number of [2, 3]) await window.goTo("j", `chain-${number}`);
      }
      // The tree follows.
      await window.page.locator(".part.sidebar .monaco-list-row.selected", { hasText: "chain-3" }).waitFor();
    });

    it("has left no error in the window", () => assert.deepEqual(window.errors, []));
  });
}
