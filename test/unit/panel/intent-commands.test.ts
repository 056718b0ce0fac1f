import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { commandFor } from "../../../src/panel/intent-commands.ts";

const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  contributes: { commands: { command: string }[] };
};

it("what a page reports is done by commands that there are", () => {
  const commands = [
    commandFor({ type: "openBody", side: "request" }),
    commandFor({ type: "openBody", side: "response" }),
    commandFor({ type: "copyId" }),
    ...(["up", "down", "none"] as const).map((verdict) => commandFor({ type: "rate", logId: "a", verdict })),
    commandFor({ type: "setScore" }),
    commandFor({ type: "editMetadata" }),
    commandFor({ type: "skipLog", logId: "a" }),
    commandFor({ type: "undoRating" }),
    commandFor({ type: "stopRating" }),
  ];
  const declared = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(
    commands.filter((command) => !declared.includes(command)),
    [],
  );
  assert.equal(new Set(commands).size, commands.length);
});
