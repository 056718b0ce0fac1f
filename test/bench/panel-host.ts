import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two notes of how long the host was blocked. */
const EVERY = 100;

/** The host is idle when nothing has run for longer than this, in ms, for a number of notes. */
const SHORT = 10;
const STILL = 5;
/** How long is waited for that, in ms. */
const PATIENCE = 10_000;

/** Limit on blocking the extension host, in milliseconds. */
export const MOST_BLOCKED = 50;

/** Runs in VS Code next to the extension: records the longest blocking of its thread. */
const source = (file: string) => `
  import { appendFileSync } from "node:fs";
  export function activate() {
    const worked = () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    };
    let [at, work, longest] = [performance.now(), worked(), 0];
    setInterval(() => {
      // Where other programs have the cores, the thread is kept waiting by them.
      longest = Math.max(longest, Math.min(performance.now() - at, worked() - work));
      [at, work] = [performance.now(), worked()];
    }, 1);
    setInterval(() => {
      appendFileSync(${JSON.stringify(file)}, Date.now() + " " + longest + "\\n");
      longest = 0;
    }, ${EVERY});
  }`;

/** The extension host's longest blocks. */
export class HostBlocks {
  /** The folder of the extension that notes them, to be installed. */
  readonly extension: string;
  readonly #file: string;

  constructor(folder: string) {
    this.extension = join(folder, "host");
    this.#file = join(folder, "blocks");
  }

  /** Writes the extension. */
  async write(): Promise<void> {
    const about = { name: "host", publisher: "bench", version: "1.0.0", type: "module", main: "extension.js" };
    await mkdir(this.extension);
    await writeFile(
      join(this.extension, "package.json"),
      JSON.stringify({ ...about, engines: { vscode: "^1.105.0" }, activationEvents: ["onStartupFinished"] }),
    );
    await writeFile(join(this.extension, "extension.js"), source(this.#file));
    await appendFile(this.#file, "");
  }

  /**
   * Waits until the host is idle: VS Code's cleanup of a closed 10 MB document would count for the next one. Throws if
   * it never is.
   */
  async atRest(): Promise<void> {
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      await wait(STILL * EVERY);
      if ((await this.longest(Date.now() - STILL * EVERY)) < SHORT) return;
    }
    throw new Error(`the extension host was not at rest for ${PATIENCE / 1000} s`);
  }

  /** Returns the longest blocking since a time (ms since 1970), in ms. */
  async longest(since: number): Promise<number> {
    const notes = (await readFile(this.#file, "utf8")).trim().split("\n");
    const blocks = notes.map((note) => note.split(" ").map(Number)).filter(([at = 0]) => at >= since);
    return Math.max(0, ...blocks.map(([, block = 0]) => block));
  }
}
