import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two notes of how long the host was blocked. */
const EVERY = 100;

/** The host is at rest when nothing has run for longer than this, in ms, for so many notes. */
const SHORT = 10;
const STILL = 5;
/** How long is waited for that, in ms. */
const PATIENCE = 10_000;

/** What the issue allows: milliseconds that nothing else can run in the extension host. */
export const MOST_BLOCKED = 50;

/** Runs in VS Code, beside the extension: notes the longest time that its thread worked while nothing else could run. */
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
   * Waits until the host has nothing to do: what VS Code still does of a closed document of 10 MB would count for what is opened
   * next. Throws where it never rests.
   */
  async atRest(): Promise<void> {
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      await wait(STILL * EVERY);
      if ((await this.longest(Date.now() - STILL * EVERY)) < SHORT) return;
    }
    throw new Error(`the extension host was not at rest for ${PATIENCE / 1000} s`);
  }

  /** The longest since a time (ms since 1970), in ms. */
  async longest(since: number): Promise<number> {
    const notes = (await readFile(this.#file, "utf8")).trim().split("\n");
    const blocks = notes.map((note) => note.split(" ").map(Number)).filter(([at = 0]) => at >= since);
    return Math.max(0, ...blocks.map(([, block = 0]) => block));
  }
}
