import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { exportLogs, type ExportNeeds } from "../../src/commands/export/export-logs.ts";
import { PlainError } from "../../src/words/explain.ts";
import type { CollectionRef, LogRef } from "../../src/source/log.ts";
import { readDetail } from "../../src/source/rows.ts";
import type { LogSource } from "../../src/source/source.ts";
import type { GatewayNode, LogNode, Node } from "../../src/tree/nodes.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

describe("a person exports", () => {
  let world: World;
  let folder: string;
  let person: Person;
  let notes: string;
  let gateway: GatewayNode;
  /** Notifications and progress, and the buttons to press on the next ones. */
  let told: string[];
  let offered: unknown[][];
  let progress: string[];
  let presses: string[];
  /** What happens before the 50th log is read. */
  let halfWay: "cancelled" | "offline" | undefined;

  beforeEach(async () => {
    world = await startWorld();
    folder = mkdtempSync(join(tmpdir(), "ai-gateway-export-"));
    notes = mkdtempSync(join(tmpdir(), "ai-gateway-notes-"));
    person = new Person();
    [told, offered, progress, presses] = [[], [], [], []];
    halfWay = undefined;
    world.gateway.store.insert(
      Array.from({ length: 130 }, (_, index) =>
        aLog({
          id: `log-${index}`,
          createdAt: at(1, -index),
          success: index % 2 === 0,
          request: '{"messages":[{"role":"user","content":"Is the blue frame in stock? person@example.com"}]}',
        }),
      ),
    );
    await world.signIn();
    gateway = kind(await world.children(), "gateway");
  });
  afterEach(async () => {
    for (const path of [folder, notes]) rmSync(path, { recursive: true, force: true });
    await world.close();
  });

  const say = (message: string, ...rest: unknown[]): Promise<string | undefined> => {
    const [options] = rest;
    offered.push(rest.filter((one) => typeof one === "string"));
    const detail = typeof options === "object" && options !== null && "detail" in options ? String(options.detail) : "";
    told.push(`${message} ${detail}`.trim());
    const press = presses.shift();
    assert.ok(press === undefined || rest.includes(press), `${press} among ${rest.join(", ")}`);
    return Promise.resolve(press);
  };

  function needs(file: string | undefined, active?: LogRef): ExportNeeds {
    const ui = {
      ...person.ui,
      showSaveDialog: () => Promise.resolve(file === undefined ? undefined : vscode.Uri.file(join(folder, file))),
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      withProgress: async <R>(
        _options: vscode.ProgressOptions,
        task: (progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken) => Thenable<R>,
      ): Promise<R> => {
        try {
          return await task({ report: ({ message = "" }) => progress.push(message) }, cancel.token);
        } finally {
          cancel.dispose();
        }
      },
    };
    const cancel = new vscode.CancellationTokenSource();
    let details = 0;
    const sourceOf = async (of: CollectionRef): Promise<LogSource> => {
      const source = await world.sessions.sourceOf(of);
      assert.ok(source);
      return {
        ...source,
        read: async (ref, options) => {
          if (++details === 50 && halfWay === "cancelled") cancel.cancel();
          if (details === 50 && halfWay === "offline") await world.gateway.goAway();
          return readDetail(source, ref, options);
        },
      };
    };
    const selectedLogs: LogNode[] = [];
    const view = { selectedLogs, selection: selectedLogs, gatewayFor: () => Promise.resolve(gateway) };
    return {
      panels: { active },
      view,
      sessions: { sourceOf },
      exportsFolder: notes,
      format: world.format,
      logger: world.logger,
      ui,
    };
  }

  const lines = (file: string): string[] => readFileSync(join(folder, file), "utf8").trimEnd().split(/\r?\n/);

  /** Runs the command and chooses the items with these words, list by list. */
  async function exporting(
    file: string | undefined,
    target: Node | LogRef | undefined,
    choices: RegExp[],
    selected?: Node[],
  ) {
    const done = exportLogs(needs(file), target, selected);
    for (const words of choices) (await person.sees()).choose(words);
    await done;
  }

  it("the logs of a gateway that its filter shows", async () => {
    world.arrangements.setFilter(gateway.ref, "status:error");
    await exporting("errors.csv", kind(await world.children(), "gateway"), [/^CSV/, /^As recorded/]);
    assert.equal(lines("errors.csv").length, 66);
    assert.match(told.join(), /^65 logs exported to errors\.csv \([\d.]+ KB\)\.$/);
    assert.match(progress.at(-1) ?? "", /^65 of 65/);
  });

  it("one day and not the first of several, which would be less than was selected", async () => {
    const day = kind(await world.children(gateway), "group");
    const [log] = await world.children(day);
    assert.ok(log);
    for (const selected of [
      [day, gateway],
      [day, log],
    ])
      await assert.rejects(exporting(undefined, day, [], selected), /one day, group or gateway/);
  });

  it("a day, and the logs selected", async () => {
    const group = kind(await world.children(gateway), "group");
    await exporting("day.jsonl", group, [/^JSON Lines without/, /^As recorded/]);
    assert.equal(lines("day.jsonl").length, 130);
    const selected = (await world.children(group)).slice(0, 3);
    await exporting("three.jsonl", selected[0], [/^JSON Lines with bodies/, /^Redact API/], selected);
    assert.deepEqual(
      lines("three.jsonl").map((line) => (JSON.parse(line) as { id: string }).id),
      ["log-0", "log-1", "log-2"],
    );
  });

  it("the log in front, from the palette", async () => {
    const done = exportLogs(needs("one.md", { ...GATEWAY, logId: "log-7" }), undefined, undefined);
    (await person.sees()).choose(/^Markdown/);
    (await person.sees()).choose();
    await done;
    assert.match(lines("one.md").join("\n"), /Log: `log-7`[^]*Is the blue frame in stock\?/);
    assert.match(told.join(), /^1 log exported/);
  });

  it("nothing, when they leave a list or choose no file", async () => {
    await exporting(undefined, gateway, [/^CSV/, /^As recorded/]);
    const done = exportLogs(needs("x.csv"), gateway, undefined);
    (await person.sees()).hide();
    await done;
    assert.deepEqual([readdirSync(folder), told], [[], []]);
  });

  it("half, and later the rest: in another window it is offered", async () => {
    halfWay = "cancelled";
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^As recorded/]);
    assert.match(told.join(), /^Export stopped\. 4\d of 130 logs are in .*logs\.jsonl\.partial; Export can resume/);
    assert.ok(!existsSync(join(folder, "logs.jsonl")));
    halfWay = undefined;
    await exporting("unused", gateway, [/^\$\(debug-continue\) Resume logs\.jsonl 4\d of 130/]);
    assert.equal(new Set(lines("logs.jsonl")).size, 130);
    assert.deepEqual(readdirSync(folder), ["logs.jsonl"]);
    const done = exportLogs(needs(undefined), gateway, undefined);
    const list = await person.sees();
    assert.ok(!list.words.some((words) => words.includes("Go on")));
    list.hide();
    await done;
  });

  it("again to an unfinished file: the same export resumes, any other is reported and starts over", async () => {
    halfWay = "cancelled";
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^As recorded/]);
    assert.match(readFileSync(join(folder, "logs.jsonl.partial"), "utf8"), /person@example\.com/);
    // Canceled, and nothing has changed.
    presses = [];
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^Redact email/]);
    assert.match(
      told[1] ?? "",
      /^An export to logs\.jsonl is unfinished, and differs from this one: redaction\. JSON Lines · with bodies · nothing redacted · production · all logs · 4\d of 130\nStart Over discards it\.$/,
    );
    assert.deepEqual(offered[1], ["Start Over"]);
    presses = ["Resume"];
    halfWay = undefined;
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^As recorded/]);
    assert.match(told[2] ?? "", /^An export to logs\.jsonl is unfinished\. JSON Lines/);
    assert.equal(new Set(lines("logs.jsonl")).size, 130);
    halfWay = "cancelled";
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^As recorded/]);
    halfWay = undefined;
    presses = ["Start Over"];
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^Redact email/]);
    assert.equal(lines("logs.jsonl").length, 130);
    assert.ok(!lines("logs.jsonl").join("").includes("person@example.com"));
  });

  it("and discards what is not finished", async () => {
    halfWay = "cancelled";
    presses = ["Discard"];
    await exporting("logs.jsonl", gateway, [/^JSON Lines with bodies/, /^As recorded/]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("nothing over another program's unfinished file, and says which", async () => {
    writeFileSync(join(folder, "logs.csv.partial"), "theirs");
    writeFileSync(join(folder, "logs.csv.partial.json"), '{"bytes":6,"sha256":"","state":{}}');
    await assert.rejects(
      exporting("logs.csv", gateway, [/^CSV/, /^As recorded/]),
      (error) => error instanceof PlainError && /logs\.csv\.partial is there already/.test(error.message),
    );
    assert.equal(readFileSync(join(folder, "logs.csv.partial"), "utf8"), "theirs");
  });

  it("to where it can't be written, and says why", async () => {
    await assert.rejects(
      exporting("none/logs.jsonl", gateway, [/^CSV/, /^As recorded/]),
      (error) =>
        error instanceof PlainError &&
        /^The folder of .*none.logs\.jsonl\.partial doesn't exist\.$/.test(error.message),
    );
    writeFileSync(join(folder, "file"), "");
    await assert.rejects(exporting("file/logs.jsonl", gateway, [/^CSV/, /^As recorded/]), /The folder of/);
  });

  it("while the network fails, and resumes when it is back", async () => {
    halfWay = "offline";
    const given = needs("logs.jsonl");
    const { ui } = given;
    assert.ok(ui);
    const comeBack = async (message: string, ...rest: unknown[]) => {
      await world.gateway.comeBack();
      presses = ["Resume"];
      return say(message, ...rest);
    };
    const done = exportLogs({ ...given, ui: { ...ui, showErrorMessage: comeBack } }, gateway, undefined);
    (await person.sees()).choose(/^JSON Lines with bodies/);
    (await person.sees()).choose(/^As recorded/);
    await done;
    assert.match(told[0] ?? "", /^Can't be reached\. .* 4\d of 130 logs are in/);
    assert.equal(new Set(lines("logs.jsonl")).size, 130);
  });
});
