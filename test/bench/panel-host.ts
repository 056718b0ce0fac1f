import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds between two notes of how long the host was blocked. */
const EVERY = 100;

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

  /** The longest since a time (ms since 1970), in ms. */
  async longest(since: number): Promise<number> {
    const notes = (await readFile(this.#file, "utf8")).trim().split("\n");
    const blocks = notes.map((note) => note.split(" ").map(Number)).filter(([at = 0]) => at >= since);
    return Math.max(0, ...blocks.map(([, block = 0]) => block));
  }
}
