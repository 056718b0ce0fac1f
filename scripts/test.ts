// npm test: runs everything. `npm test -- checks unit host ui` runs the given kinds, and given files of unit and ui;
// --grep selects tests by name, --desktop runs the host tests in a desktop VS Code. Continues after a failure and ends
// with the counts; each check counts as one test. Lists skipped tests before the counts; in CI, they are failures.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { run } from "node:test";
import { spec as Spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { activationFiles, activationLimit } from "./activation.ts";
import { CANARY } from "../test/canary.ts";
import { isRecordedHere } from "../test/traffic.ts";
import { whenNpmEnds } from "./processes.ts";
import { root } from "./root.ts";
import type { Taken } from "./share.ts";

/** The result of a step: its counts, a summary, and the output to print on failure. */
type Result = {
  name: string;
  passed: number;
  failed: number;
  skipped: readonly string[];
  note: string;
  output: string;
};

const kinds = ["checks", "unit", "host", "ui"] as const;
type Kind = (typeof kinds)[number];

const { values, positionals } = parseArgs({
  options: { desktop: { type: "boolean" }, grep: { type: "string" } },
  allowPositionals: true,
});
const named = positionals
  .filter((word) => word.endsWith(".test.ts"))
  .map((word) => relative(root, resolve(word)).replaceAll(sep, "/"));
const unknown = [
  ...positionals.filter((word) => !word.endsWith(".test.ts") && !kinds.some((kind) => kind === word)),
  ...named.filter((file) => !/^test\/(unit|ui)\//.test(file) || !existsSync(join(root, file))),
];
if (unknown.length > 0)
  throw new Error(
    `Unknown arguments: ${unknown.join(", ")}. Use ${kinds.join(", ")}, or files of test/unit and test/ui.`,
  );
/** Returns whether a kind was requested, as a whole or by one of its files. */
const wanted = (kind: Kind) =>
  positionals.length === 0 || positionals.includes(kind) || named.some((file) => file.startsWith(`test/${kind}/`));

const started = Date.now();
const results: Result[] = [];

/** Whether skipped tests are failures: in CI, a test that never runs proves nothing. */
const mayNotSkip = Boolean(process.env["CI"]);

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const heading = (text: string) => console.log(`\n── ${text} ${"─".repeat(Math.max(0, 70 - text.length))}`);

/** Prints a step's summary, and its output on failure, and stores its counts. */
function report(result: Result): void {
  // All tokens in tests start with it; none may be printed.
  if (result.output.includes(CANARY)) {
    result.failed++;
    result.note += ", and a token was printed";
  }
  results.push(result);
  if (result.failed > 0) console.log(result.output.trimEnd());
  console.log(`${result.failed > 0 ? "✖" : "✔"} ${result.name}: ${result.note}`);
}

// The tests' temporary files are removed with this process, however the tests end.
const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
process.env[process.platform === "win32" ? "TEMP" : "TMPDIR"] = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

// Several processes run the tests: without this, each would strip the types of the same source again.
process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules/.cache/node");

const running = new Map<ChildProcess, Promise<unknown>>();
const stopped = new AbortController();

/** Stops the running programs, waits for their cleanup, and exits. */
async function stop(): Promise<void> {
  stopped.abort();
  for (const child of running.keys()) child.kill("SIGINT");
  await Promise.allSettled(running.values());
  setImmediate(() => process.exit(130));
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void stop());
whenNpmEnds(() => void stop());

/** Runs a program in the project and resolves with its exit code and output. */
async function program(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const end = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  running.set(child, end);
  const code = await end.finally(() => running.delete(child));
  return { code, output };
}

/** Runs a check: a program that exits with 0 on success. Counts as one test. */
async function check(name: string, command: string, ...args: string[]): Promise<Result> {
  const since = Date.now();
  const { code, output } = await program(command, args);
  const ok = code === 0;
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], note: seconds(since), output };
}

/** Checks the size of the files that VS Code loads at activation. */
function activationSize(): Result {
  try {
    const { files, bytes } = activationFiles();
    const ok = bytes < activationLimit;
    const note = `${bytes} bytes in ${files.length} file(s), the limit is ${activationLimit}`;
    return { name: "size at activation", passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], note, output: "" };
  } catch (error) {
    return { name: "size at activation", passed: 0, failed: 1, skipped: [], note: "not built", output: String(error) };
  }
}

/**
 * Returns the test files of a kind, relative to the project: those in git or not ignored by it, limited to given ones.
 */
function testFiles(kind: Kind): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", `test/${kind}`];
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`git cannot list the test files: ${stderr}`);
  const files = stdout.split("\0").filter((file) => file.endsWith(".test.ts") && existsSync(join(root, file)));
  const chosen = files.filter((file) => named.includes(file));
  return chosen.length > 0 ? chosen : files;
}

/** Formats the counts for one line. */
const countsOf = (passed: number, failed: number, skipped: number): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

/** Turns skipped tests into failures where they are not allowed, and lists them. */
function withSkips(result: Result): Result {
  const { skipped, failed, output } = result;
  if (!mayNotSkip || skipped.length === 0) return result;
  const named = skipped.map((skip) => `✖ skipped, which fails in CI: ${skip}`).join("\n");
  return { ...result, failed: failed + skipped.length, skipped: [], output: `${output}\n${named}` };
}

/** Adds a failure if some test files of the kind did not run, and a summary with their number. */
function withFiles(given: Result, kind: Kind, ran: number): Result {
  const expected = testFiles(kind).length;
  const result = withSkips(given);
  const counts = countsOf(result.passed, result.failed, result.skipped.length);
  const note = `${counts} in ${ran} of ${expected} files, ${result.note}`;
  // With --grep, a file may have no matching test.
  if (values.grep === undefined ? ran >= expected && expected > 0 : result.passed + result.failed > 0)
    return { ...result, note };
  const output = `${result.output}\ntest/${kind} has ${expected} test files, but ${ran} ran`;
  return { ...result, note, output, failed: result.failed + 1 };
}

/** The counts of a file; `skipped`: its skipped tests and suites, with reasons. */
type Counts = { passed: number; failed: number; skipped: readonly string[] };

/** Unit test files that need a process of their own, and why. */
const ALONE: Record<string, string> = {
  "test/unit/chat/compressed.test.ts": "measures how the memory of its process grows",
};

/** A test file's path, the name of the suite around its tests. */
const PATH = String.raw`test/(?:unit|ui)/\S+\.test\.ts`;

/** The pattern of --grep: a file's path isn't part of a test's name, neither alone nor before the name. */
const pattern = values.grep === undefined ? undefined : new RegExp(`^(?:${PATH} |(?!${PATH}))[^]*?(?:${values.grep})`);

/** The relevant part of a node:test event for a finished test or suite. */
type Ended = {
  name: string;
  nesting: number;
  skip?: string | boolean;
  todo?: string | boolean;
  details: { type?: string; error?: Error };
};

/**
 * Runs files with node:test in two processes at a time; `isAlone` returns whether a file needs its own process. Returns
 * the counts of each completed file, the number of processes that failed outside of tests, and the output of the
 * failures.
 */
async function nodeFiles(files: readonly string[], isAlone: (file: string) => boolean) {
  const taken: Taken[] = files.map((file) => ({ file, isAlone: isAlone(file) }));
  const alone = taken.filter(({ isAlone }) => isAlone);
  const shared = taken.filter(({ isAlone }) => !isAlone);
  const list = mkdtempSync(join(folder, "files-"));
  writeFileSync(join(list, "files.json"), JSON.stringify([...alone, ...shared]));
  const share = join(import.meta.dirname, "share.ts");
  const ran = new Map<string, Counts>();
  let counted = { passed: 0, failed: 0, skipped: [] as string[] };
  let broken = 0;
  let errors = ""; // output of files that failed to load
  let output = "";
  const ended = ({ name, nesting, skip, todo, details }: Ended) => {
    const why = skip ?? todo;
    const isSuite = details.type === "suite";
    if (why !== undefined)
      counted.skipped.push(`${name} (${typeof why === "string" && why !== "" ? why : "no reason given"})`);
    else if (!details.error) counted.passed += isSuite ? 0 : 1;
    // A suite fails with its tests, or by itself if it can't be loaded.
    else if (nesting === 0 && !isSuite) broken++;
    else if (!isSuite || failureTypeOf(details.error) !== "subtestsFailed") counted.failed++;
    if (nesting > 0 || !isSuite) return;
    // A file's suite ends after its contents.
    const { passed, failed, skipped } = counted;
    if (passed + failed + skipped.length > 0)
      ran.set(name, { passed, failed, skipped: skipped.map((skip) => `${name}: ${skip}`) });
    counted = { passed: 0, failed: 0, skipped: [] };
  };
  const stream = run({
    files: Array.from({ length: alone.length + Math.min(2, shared.length) }, () => share),
    argv: [list, ...(pattern ? ["filtered"] : [])],
    concurrency: 2,
    signal: stopped.signal,
    ...(pattern && { testNamePatterns: pattern }),
  })
    .on("test:pass", ended)
    .on("test:fail", ended)
    .on("test:stderr", ({ message }) => (errors += message));
  for await (const text of stream.compose(new Spec())) output += String(text);
  const failures = output.indexOf("✖ failing tests:");
  return { ran, broken, output: failures >= 0 ? `${errors}${output.slice(failures)}` : "" };
}

/** Returns node:test's reason for a failure. */
const failureTypeOf = (error: Error): unknown => ("failureType" in error ? error.failureType : undefined);

/**
 * Runs the files of a kind with node:test. With `again`, runs failed files once more and says so in the result: a real
 * window on a busy machine may lose a click, and that must stay visible.
 */
async function nodeTests(kind: "unit" | "ui", isAlone: (file: string) => boolean, again = false): Promise<Result> {
  const since = Date.now();
  // The largest first: a long one left for the end would run alone.
  const files = testFiles(kind).toSorted((a, b) => statSync(join(root, b)).size - statSync(join(root, a)).size);
  let { ran, broken, output } = await nodeFiles(files, isAlone);
  const failed = files.filter((file) => (ran.get(file)?.failed ?? 1) > 0);
  let note = "";
  if (again && failed.length > 0 && !stopped.signal.aborted) {
    console.log(`${output.trimEnd()}\n${failed.length} file(s) of ${kind} failed; running them once more`);
    const second = await nodeFiles(failed, () => true);
    ran = new Map([...ran, ...second.ran]);
    ({ broken, output } = second);
    note = `, run twice: ${failed.join(", ")}`;
  }
  const all = [...ran.values()];
  const sum = (of: "passed" | "failed") => all.reduce((total, counts) => total + counts[of], 0);
  const counts = {
    passed: sum("passed"),
    failed: sum("failed") + broken,
    skipped: all.flatMap(({ skipped }) => skipped),
  };
  return withFiles({ name: kind, ...counts, note: seconds(since) + note, output }, kind, ran.size);
}

/** Runs the built tests inside VS Code. */
async function hostTests(): Promise<Result> {
  const since = Date.now();
  const file = join(folder, "counts.json");
  const args = [join(import.meta.dirname, "host.ts"), ...(values.desktop ? ["--desktop"] : [])];
  const { code, output } = await program(process.execPath, args, {
    AI_GATEWAY_LOGS_COUNTS: file,
    ...(values.grep !== undefined && { AI_GATEWAY_LOGS_GREP: values.grep }),
  });
  const counts = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Counts & { files: number })
    : { files: 0, passed: 0, failed: 0, skipped: [] };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return withFiles({ name: "host", ...counts, note: seconds(since), output }, "host", counts.files);
}

const bin = (name: string) => join(root, "node_modules/.bin", name);

/** Downloads what the tests in VS Code need, if it is missing; returns whether it is available. */
async function fetchWindow(): Promise<boolean> {
  try {
    // Imported here, so that running one unit test file doesn't load playwright.
    const { chromiumPath } = await import("./chromium.ts");
    chromiumPath();
    if (wanted("host")) {
      const { PYTHON, pythonPath } = await import("./debugpy.ts");
      process.env[PYTHON] = pythonPath();
    }
    const { vscodeServer } = await import("./vscode.ts");
    await vscodeServer();
    return true;
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    report({ name: "VS Code, Chromium and debugpy", passed: 0, failed: 1, skipped: [], note: "not available", output });
    return false;
  }
}

const hasWindow = (wanted("host") || wanted("ui")) && (await fetchWindow());
// Unit tests need no build.
if (hasWindow || wanted("checks")) {
  heading("build");
  report(await check("build", process.execPath, "esbuild.mjs", "--tests"));
  report(activationSize());
}

const unit = wanted("unit") ? nodeTests("unit", (file) => file in ALONE) : undefined;
if (wanted("checks")) {
  heading("checks");
  const checks: [name: string, command: string, ...args: string[]][] = [
    // The longest first.
    ["lint", bin("oxlint")],
    ["types", bin("tsc"), "-p", "tsconfig.json"],
    ["types of the page", bin("tsc"), "-p", "media/tsconfig.json"],
    ["types of the page's tests", bin("tsc"), "-p", "test/unit/page/tsconfig.json"],
    ["borders", process.execPath, "scripts/borders.ts"],
    ["format", bin("prettier"), "--check", "--cache", "--cache-strategy", "content", "."],
    ["unused code", bin("knip")],
    ["words", process.execPath, "scripts/strings.ts", "--check"],
  ];
  const begun: Promise<Result>[] = [];
  // Two at a time: each starts after the one before the last.
  for (const [number, one] of checks.entries())
    begun.push(Promise.resolve(begun[number - 2]).then(() => check(...one)));
  for (const result of begun) report(await result);
}
if (unit) {
  heading("unit: pure code, in Node");
  report(await unit);
}
// One after the other: a window and the tests inside VS Code both use two cores, and in parallel they take longer.
if (hasWindow && wanted("host")) {
  heading("host: inside VS Code");
  report(await hostTests());
}
if (hasWindow && wanted("ui")) {
  heading("ui: a person's path in a real window");
  report(await nodeTests("ui", () => true, true));
}

const sum = (of: (result: Result) => number) => results.reduce((all, result) => all + of(result), 0);
const failed = sum((result) => result.failed);
const skipped = results.flatMap((result) => result.skipped);
heading(`all in ${seconds(started)}`);
for (const { name } of results.filter((result) => result.failed > 0)) console.log(`✖ ${name}`);
if (skipped.length > 0) {
  console.log(`⚠ ${skipped.length} SKIPPED: not tested here`);
  for (const skip of skipped) console.log(`  ${skip}`);
}
if (!isRecordedHere)
  console.log("⚠ no recorded traffic next to the project: only the made-up exchanges of test/fixtures were read");
const passed = sum((result) => result.passed);
console.log(countsOf(passed, failed, skipped.length));
process.exitCode = failed > 0 ? 1 : 0;
