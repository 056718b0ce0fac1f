import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { cached } from "./cache.ts";

/** The VS Code the tests and the demo run in; AI_GATEWAY_LOGS_VSCODE names another, as "1.105.1". */
const vscodeVersion = process.env["AI_GATEWAY_LOGS_VSCODE"] || "1.139.1";

/** Settings for a window without messages of its own. */
export const cleanSettings: Record<string, unknown> = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  // With several views in a container, each view's buttons would otherwise show only on hover.
  "workbench.view.alwaysShowHeaderActions": true,
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "security.workspace.trust.enabled": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  // It lists all open files of all processes every few seconds, to find servers started by a program.
  "remote.autoForwardPorts": false,
  "telemetry.telemetryLevel": "off",
};

/** Returns the size of all files below a folder, in bytes, ignoring files that disappear meanwhile. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Runs npm in a folder and resolves with its exit code and output. */
async function npm(folder: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const cli = process.env["npm_execpath"];
  const [command, first] = cli?.endsWith("js") ? [process.execPath, [cli]] : ["npm", []];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package_|lifecycle|config_local_prefix)/.test(name)),
  );
  const child = spawn(command, [...first, ...args, "--prefix", folder, "--no-audit", "--no-fund"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32" && command === "npm",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, output };
}

/** Approximate disk space of a downloaded VS Code, in MB. */
const wholeSize = 615;

/** Runs npm install and prints its progress: one updated line on a terminal, else a line every few seconds. */
async function install(step: string, whole: string, folder: string, ...args: string[]): Promise<void> {
  const started = Date.now();
  const say = async (ending = "") => {
    const megabytes = (await sizeOf(whole)) / 1e6;
    const seconds = (Date.now() - started) / 1000;
    const line = `  ${step}: ${megabytes.toFixed(0)} of about ${wholeSize} MB on the disk, ${seconds.toFixed(0)} s`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${ending}`);
    else console.log(line);
  };
  const timer = setInterval(() => void say(), process.stdout.isTTY ? 1000 : 4000);
  const { code, output } = await npm(folder, "install", ...args, "--ignore-scripts").finally(() =>
    clearInterval(timer),
  );
  if (code !== 0) throw new Error(`npm install failed (${step}):\n${output}`);
  await say("\n");
}

/** Returns the folder of Node's C++ headers, if it has them: in its own folder or its npm package. */
function nodeHeaders(): string | undefined {
  const bin = dirname(process.execPath);
  return [join(bin, "../node_modules", `node-${process.platform}-${process.arch}`), dirname(bin)].find((folder) =>
    existsSync(join(folder, "include/node/node_version.h")),
  );
}

/** Compiles the server's native logging modules. Without a compiler it skips them, with a message. */
async function compileParts(server: string): Promise<void> {
  const headers = nodeHeaders();
  if (headers) process.env["npm_config_nodedir"] = headers;
  console.log("  4/4 its native parts, compiled where there is a compiler, about 20 s");
  const parts = ["@vscode/spdlog", "@vscode/native-watchdog"];
  const { code } = headers ? await npm(server, "rebuild", ...parts) : { code: 1 };
  if (code !== 0) console.log("    not compiled: this VS Code writes no log files; all else works");
}

/**
 * Returns the folder of a VS Code server of `vscodeVersion`, downloaded with npm into the cache the first time (about
 * 200 MB, with progress). Needs no compiler. Rejects with npm's message if the download fails.
 */
export async function vscodeServer(): Promise<string> {
  const folder = await cached(`vscode-${vscodeVersion}`, async (unfinished) => {
    console.log(`VS Code ${vscodeVersion} is fetched once into the cache (${join(unfinished, "..")})`);
    await writeFile(join(unfinished, "package.json"), '{ "private": true }');
    const server = join(unfinished, "node_modules/code-server/lib/vscode");
    await install("1/4 VS Code", unfinished, unfinished, `code-server@${vscodeVersion.replace(/^1\./, "4.")}`);
    await install("2/4 its libraries", unfinished, server, "--omit=dev");
    await install("3/4 its extensions", unfinished, join(server, "extensions"), "--omit=dev");
    await compileParts(server);
  });
  return join(folder, "node_modules/code-server/lib/vscode");
}

/** Installs an extension's folder, under the name of an installed one. */
async function link(extension: string, installed: string): Promise<void> {
  const about = JSON.parse(await readFile(join(extension, "package.json"), "utf8")) as Record<string, string>;
  await mkdir(installed, { recursive: true });
  const path = join(installed, `${about["publisher"]}.${about["name"]}-${about["version"]}`);
  if (!existsSync(path)) await symlink(extension, path, "junction");
}

/**
 * Fills a folder with links to VS Code's own language and theme extensions, which run nothing. The others (debuggers,
 * git, an assistant) take a third of a window's startup.
 */
async function linkDataExtensions(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const manifest = join(from, name, "package.json");
    if (!existsSync(manifest)) continue;
    const about = JSON.parse(await readFile(manifest, "utf8")) as Record<string, unknown>;
    const isData = about["main"] === undefined && about["browser"] === undefined;
    if (isData && !existsSync(join(to, name))) await symlink(join(from, name), join(to, name), "junction");
  }
}

/** A running VS Code server. */
export type Server = {
  /** http://127.0.0.1:PORT */
  url: string;
  port: number;
  /** The server's data folder: user settings and global storage are in data/User below it, logs in data/logs. */
  dataDir: string;
  /** Resolves when the server has ended, by stop() or otherwise. */
  ended: Promise<void>;
  /** Ends the server and every process it started, removes its temporary data folder, and resolves when done. */
  stop: () => Promise<void>;
};

/** Options of a server; all are optional. */
export type ServerOptions = {
  /** 0 or absent for any free port. */
  port?: number;
  /** Kept when the server ends; by default a temporary folder, removed at the end. */
  dataDir?: string;
  /** User settings, in addition to those of a clean window. */
  settings?: Record<string, unknown>;
  /** Folders of extensions to install. */
  extensions?: string[];
  /** Only the language and theme extensions of VS Code's own, so that a window opens faster. */
  isLean?: boolean;
  /** Windows take extensions in development and tests in their address, and show no notifications. */
  testDriver?: boolean;
  /** Called with the user data folder (the one with User) before the server starts. */
  prepare?: (userDataDir: string) => void | Promise<void>;
};

/**
 * Starts a VS Code server on 127.0.0.1, and resolves when it responds. It ends with this process, however that ends.
 * Rejects with the server's output if it ends before it's ready.
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder = await vscodeServer();
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "ai-gateway-logs-")));
  const user = join(dataDir, "data/User");
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify({ ...cleanSettings, ...options.settings }, undefined, 2));
  for (const extension of options.extensions ?? []) await link(extension, join(dataDir, "extensions"));
  const builtins = options.isLean ? join(dataDir, "builtin") : undefined;
  if (builtins) await linkDataExtensions(join(folder, "extensions"), builtins);
  await options.prepare?.(join(dataDir, "data"));

  const args = [
    join(import.meta.dirname, "leash.ts"),
    options.dataDir ? "-" : dataDir,
    process.execPath,
    join(folder, "out/server-main.js"),
    "--host=127.0.0.1",
    `--port=${options.port ?? 0}`,
    "--without-connection-token",
    "--accept-server-license-terms",
    "--telemetry-level=off",
    // It has this process's environment, so it needn't read one from a login shell.
    "--force-disable-user-env",
    // Otherwise a closed or reloaded window's processes keep running for hours during later tests.
    ...(options.dataDir ? [] : ["--reconnection-grace-time=3"]),
    `--server-data-dir=${dataDir}`,
    ...(builtins ? [`--builtin-extensions-dir=${builtins}`] : []),
    ...(options.testDriver ? ["--enable-smoke-test-driver"] : []),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = () => {
    child.stdin.destroy();
    return ended;
  };
  const output: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`the VS Code server did not start:\n${output.join("\n")}`)));
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        if (output.length < 200) output.push(line);
        const found = /listening on (\d+)/.exec(line)?.[1];
        if (found) resolve(Number(found));
      });
  });
  return { url: `http://127.0.0.1:${port}`, port, dataDir, ended, stop };
}

/**
 * Returns the address of a window of the server.
 * @param window `folder`: the folder to open, else an empty window; with a server started with `testDriver` also
 * `extension`: folder of the extension in development, and `tests`: the module whose run() the extension host calls.
 * Absolute paths.
 */
export function windowUrl(server: Server, window: { extension?: string; tests?: string; folder?: string }): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ...(window.extension ? [["extensionDevelopmentPath", remote(window.extension)]] : []),
    ...(window.tests ? [["extensionTestsPath", remote(window.tests)]] : []),
  ];
  const query = new URLSearchParams(window.folder ? { folder: window.folder } : { ew: "true" });
  if (payload.length > 0) query.set("payload", JSON.stringify(payload));
  return `${server.url}/?${query.toString()}`;
}
