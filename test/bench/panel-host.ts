import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds between two notes of how long the host was blocked. */
const EVERY = 100;

/** Runs in VS Code, beside the extension: notes the longest time that nothing else could run. */
const source = (file: string) => `
  import { appendFileSync } from "node:fs";
  import { monitorEventLoopDelay } from "node:perf_hooks";
  export function activate() {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    setInterval(() => {
      appendFileSync(${JSON.stringify(file)}, Date.now() + " " + delay.max / 1e6 + "\\n");
      delay.reset();
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
