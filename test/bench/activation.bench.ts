import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activationFiles, activationLimit } from "../../scripts/activation.ts";
import type { Measured } from "../../scripts/bench.ts";
import { launchChromium } from "../../scripts/chromium.ts";
import { root } from "../../scripts/root.ts";
import { startServer, windowUrl } from "../../scripts/vscode.ts";

const rounds = 15;

/** Limit on the extension's activation time, as a multiple of an empty extension's. */
const mostOfEmpty = 1.25;

/** Runs in VS Code: activates both extensions, in alternating order. */
const runner = (file: string) => `
  import { appendFileSync, readFileSync } from "node:fs";
  import * as vscode from "vscode";
  async function time(id) {
    const extension = vscode.extensions.getExtension(id);
    if (extension.isActive) throw new Error(id + " is active already");
    const start = performance.now();
    await extension.activate();
    return performance.now() - start;
  }
  // A window that has only just opened still has much to do, which takes turns with what is measured.
  async function quiet() {
    for (let still = 0; still < 40; ) {
      const asked = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 25));
      still = performance.now() - asked < 30 ? still + 1 : 0;
    }
  }
  export async function run() {
    await quiet();
    await time("bench.warm");
    const round = readFileSync(${JSON.stringify(file)}, "utf8").split("\\n").length;
    const ids = ["ai-gateway-logs.ai-gateway-logs", "bench.empty"];
    if (round % 2) ids.reverse();
    const times = {};
    for (const id of ids) { await quiet(); times[id] = await time(id); }
    appendFileSync(${JSON.stringify(file)}, JSON.stringify(ids.sort().map((id) => times[id])) + "\\n");
  }`;

async function writeExtension(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const about = {
    name,
    publisher: "bench",
    version: "1.0.0",
    type: "module",
    main: "extension.js",
    activationEvents: [],
  };
  await writeFile(join(path, "package.json"), JSON.stringify({ ...about, engines: { vscode: "^1.105.0" } }));
  await writeFile(
    join(path, "extension.js"),
    'import * as vscode from "vscode";\nexport function activate() { void vscode; }\n',
  );
  return path;
}

/**
 * A copy of the built extension without activation events: any text in the window would activate it before the
 * measurement. The code is the same.
 */
async function copyExtension(folder: string): Promise<string> {
  const path = join(folder, "own");
  await mkdir(path);
  for (const part of ["dist", "media", "package.nls.json"])
    await cp(join(root, part), join(path, part), { recursive: true });
  const about = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as object;
  await writeFile(join(path, "package.json"), JSON.stringify({ ...about, activationEvents: [] }));
  return path;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * How long VS Code takes to activate the extension, compared with an empty one in the same windows; and what it reads
 * for it.
 */
export default async function activation(): Promise<Measured> {
  const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  try {
    const times = join(folder, "times");
    await writeFile(times, "");
    const tests = join(folder, "run.mjs");
    await writeFile(tests, runner(times));
    const extensions = [await copyExtension(folder), await writeExtension(folder, "empty")];
    const extension = await writeExtension(folder, "warm");
    const [server, browser] = await Promise.all([
      startServer({ testDriver: true, isLean: true, extensions }),
      launchChromium(),
    ]);
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage();
      let said = "";
      await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => (said = String(args[0])));
      const done = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
      await page.goto(windowUrl(server, { extension, tests }));
      if ((await done) !== 0) throw new Error(`VS Code could not activate the extensions: ${said}`);
      await page.close();
    }
    await Promise.all([browser.close(), server.stop()]);

    const lines = (await readFile(times, "utf8")).trim().split("\n");
    const measured = lines.map((line) => JSON.parse(line) as [number, number]);
    const own = median(measured.map(([time]) => time));
    const empty = median(measured.map(([, time]) => time));
    // Both of a window share its load; windows differ more from each other than the extensions do.
    const ratio = median(measured.map(([time, other]) => time / other));
    const { files, bytes } = activationFiles();
    return {
      name: "activation",
      ok: bytes < activationLimit && ratio < mostOfEmpty,
      lines: [
        `AI Gateway Logs   ${own.toFixed(1)} ms   median of ${measured.length} windows`,
        `empty extension   ${empty.toFixed(1)} ms   in the same windows`,
        `ratio             ${ratio.toFixed(2)}   median of the windows' ratios, the limit is ${mostOfEmpty}`,
        `read              ${bytes} bytes in ${files.length} file(s), the limit is ${activationLimit}`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
