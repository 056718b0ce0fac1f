import assert from "node:assert/strict";
import { SourceError } from "../../src/source/errors.ts";
import { explain } from "../../src/words/explain.ts";
import { formatFor } from "../../src/logs/format.ts";
import { withoutLinks } from "../../src/platform/notify.ts";

/** What VS Code renders as a link in a notification. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe("the explanation of a failure", () => {
  it("holds no link of the server's making", () => {
    for (const target of ["command:workbench.action.closeWindow", "https://attack.test", "file:///etc/passwd"]) {
      const { detail } = explain(new SourceError("rejected", `see [click here](${target})`), formatFor("en"));
      assert.match(detail, LINK);
      assert.doesNotMatch(withoutLinks(detail), LINK);
      assert.ok(withoutLinks(detail).includes("click here"));
    }
  });

  it("has words, a remedy and the request's ID for every reason", () => {
    const reasons = [
      "unauthorized",
      "signedOut",
      "forbidden",
      "notFound",
      "rateLimited",
      "rejected",
      "offline",
      "timeout",
      "filterIgnored",
      "serverError",
      "badAnswer",
    ] as const;
    for (const service of ["Cloudflare", "Logbook", undefined]) {
      const facts = { requestId: "cf-ray 8f00-FRA", status: 500, ...(service ? { service } : {}) };
      const told = reasons.map((reason) => explain(new SourceError(reason, "m", facts), formatFor("en")));
      assert.equal(new Set(told.map(({ summary }) => summary)).size, reasons.length);
      assert.ok(told.every(({ detail }) => detail.endsWith(" (cf-ray 8f00-FRA)")));
      const words = told.map(({ summary, detail }) => `${summary} ${detail}`).join("\n");
      // The words of one service are not those of another.
      assert.equal(/Cloudflare|AI Gateway Read/.test(words), service === "Cloudflare", words);
      assert.ok(words.includes(service ?? "The server"), words);
    }
  });
});
