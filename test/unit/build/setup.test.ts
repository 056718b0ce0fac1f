import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resolveConfig } from "prettier";
import { root } from "../../../scripts/root.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const { scripts, engines, devDependencies } = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
  devDependencies: { node: string };
};

test("version managers, npm and the scripts use one Node", () => {
  assert.equal(read(".nvmrc").trim(), devDependencies.node);
  assert.equal(engines.node, `>=${devDependencies.node.split(".")[0]}`);
});

test("a launch waits for a task that is there, and a task runs a script that is there", () => {
  const { configurations } = JSON.parse(read(".vscode/launch.json")) as {
    configurations: { preLaunchTask?: string }[];
  };
  const { tasks } = JSON.parse(read(".vscode/tasks.json")) as { tasks: { label: string; command: string }[] };
  const labels = tasks.map(({ label }) => label);
  const awaited = configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []);
  assert.notEqual(awaited.length, 0);
  for (const label of awaited) assert.ok(labels.includes(label), label);
  for (const { command } of tasks) {
    const [, script = ""] = /^npm run ([\w:]+)/.exec(command) ?? [];
    assert.ok(script in scripts, command);
  }
});

test("editors and prettier agree on how a line begins and ends", async () => {
  const file = join(root, "src/extension.ts");
  const [plain, withEditor] = await Promise.all([resolveConfig(file), resolveConfig(file, { editorconfig: true })]);
  const usual = { tabWidth: 2, useTabs: false, endOfLine: "lf" };
  assert.deepEqual({ ...usual, ...withEditor }, { ...usual, ...plain });
});

test("CONTRIBUTING names files and scripts that are there", () => {
  const text = read("CONTRIBUTING.md");
  const paths = [...text.matchAll(/(?<![\w/])((?:src|media|test|scripts|docs)\/[\w./-]+)/g)].map(
    ([, path = ""]) => path,
  );
  assert.ok(paths.length > 40);
  for (const path of paths) assert.ok(existsSync(join(root, path)), path);
  const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = ""]) => script);
  for (const script of named) assert.ok(script in scripts, script);
});
