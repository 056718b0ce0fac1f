import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Run } from "../../src/debugging/core/run.ts";
import { chooseDebugGateway } from "../../src/commands/debug/choose-debug-gateway.ts";
import { editFilter } from "../../src/commands/filter/edit-filter.ts";
import { logItem } from "../../src/words/log-item.ts";
import { pickFilter } from "../../src/commands/filter/pick-filter.ts";
import { switchAccount } from "../../src/commands/account/switch-account.ts";
import { readCard } from "../../src/debugging/card.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import type { RowPart } from "../../src/logs/row-parts.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import { ACCOUNT, aLog, GATEWAY } from "../gateway.ts";
import { startDebugWorld } from "./debug-world.ts";
import { node, startFilterBench } from "./filter-bench.ts";
import { TextDocuments } from "./text-documents.ts";

/** An icon that we never use: if it's drawn, recorded text drew it. */
const EVIL = "$(bug)";
const DRAWN = /(?<!\\)\$\(bug\)/;

const hostile = {
  model: `${EVIL}-model`,
  provider: `${EVIL}-provider`,
  path: `v1/${EVIL}`,
  userAgent: `${EVIL}-agent`,
  eventId: `${EVIL}-event`,
  metadata: { [`${EVIL}-name`]: `${EVIL}-value` },
  request: JSON.stringify({ messages: [{ role: "user", content: `asked ${EVIL}` }] }),
};

const textsOf = ({ label, description = "", detail = "" }: vscode.QuickPickItem): string[] => [
  label,
  description,
  detail,
];

describe("recorded text draws no icon where VS Code draws them", () => {
  /** None of the texts draws an icon, and some contain what could. */
  function assertPlain(texts: readonly string[], where: string): void {
    for (const text of texts) assert.doesNotMatch(text, DRAWN, where);
    assert.ok(
      texts.some((text) => text.includes(EVIL)),
      `${where} shows recorded text: ${texts.join(" | ")}`,
    );
  }

  it("above code, in a card and in lists of logs, gateways and accounts", async () => {
    const world = await startDebugWorld();
    const texts = new TextDocuments();
    const { features, format, sessions, tokens, read } = world;
    const shown: vscode.QuickPickItem[] = [];
    const window: { showQuickPick: unknown } = vscode.window;
    const { showQuickPick } = window;
    window.showQuickPick = (items: readonly vscode.QuickPickItem[]) => {
      shown.push(...items);
      return Promise.resolve(undefined);
    };
    try {
      await tokens.store({ id: ACCOUNT, name: `Acme ${EVIL}` }, world.gateway.token);
      world.gateway.store.insert([aLog({ ...hostile, id: "log-hostile-1", createdAt: new Date() })]);
      const state = await features.watch.lookup.find("log-hostile-1", new AbortController().signal);
      assert.ok(state.type === "known");

      const document = await texts.open('console.log(id)\nassert.equal(log_id, "log-hostile-1")');
      const run = new Run("1", "Launch", new Date());
      world.runs.add(run);
      run.see({ id: "log-hostile-1", sure: true }, state, { path: document.uri.toString(), line: 1 });
      const lenses = features.lenses.provideCodeLenses(document).map(({ command }) => command?.title ?? "");
      assert.equal(lenses.length, 2);
      assertPlain(lenses, "CodeLens");

      const parts: RowPart[] = ["model", "provider", "path", "user_agent", `meta.${EVIL}-name`];
      assertPlain(textsOf(logItem(state.log, parts, format)), "a log of a list");

      await chooseDebugGateway(features.gateways);
      assertPlain(shown.splice(0).flatMap(textsOf), "the gateways of a list");
      await switchAccount(tokens, sessions, () => Promise.resolve());
      assertPlain(shown.splice(0).flatMap(textsOf), "the accounts of a list");

      const sourceOf = (of: CollectionRef) => sessions.sourceOf(of);
      const needs = { sourceOf, bodies: new Bodies(sourceOf), read, format, commands: [] };
      const card = await readCard({ ...GATEWAY, logId: state.log.id }, state.log, needs, new AbortController().signal);
      assert.ok(card.supportThemeIcons && card.value.includes("asked"));
      // In Markdown a backslash itself is written as two.
      assert.doesNotMatch(card.value.replaceAll("\\\\", "\\"), DRAWN);
    } finally {
      window.showQuickPick = showQuickPick;
      texts.dispose();
      await world.close();
    }
  });

  it("in the editor of the filter and the lists that make one", async () => {
    const bench = await startFilterBench();
    try {
      bench.gateway.store.insert([aLog({ ...hostile, createdAt: new Date() })]);
      await bench.load();
      const { person, clock } = bench;
      const editing = editFilter(bench.needs(), node);
      const editor = await person.sees();
      for (const line of ["", "model:", `${EVIL} `, `model:"${EVIL}-model" `, `${EVIL}:1`]) {
        editor.value = line;
        clock.strike();
        await editor.settled();
        const items = editor.items.flatMap(textsOf);
        for (const text of items) assert.doesNotMatch(text, DRAWN, line);
        if (line !== "") assertPlain(items, `the items of ${line}`);
      }
      editor.hide();
      await editing;

      const picking = pickFilter(bench.needs(), node);
      const keys = await person.sees();
      assertPlain(keys.items.flatMap(textsOf), "the keys of a filter");
      keys.choose(/^model/i);
      const operators = await person.sees();
      operators.choose();
      const values = await person.sees();
      assertPlain(values.items.flatMap(textsOf), "the values of a filter");
      values.hide();
      await picking;
    } finally {
      for (const pick of bench.person.picks) pick.dispose();
      await bench.close();
    }
  });
});
