import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { lives } from "./processes.ts";

/** Returns the download cache: AI_GATEWAY_LOGS_CACHE, else ai-gateway-logs in the user's cache folder. */
export function cacheFolder(): string {
  const { AI_GATEWAY_LOGS_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  return own || join(xdg || join(homedir(), ".cache"), "ai-gateway-logs");
}

/**
 * Returns the cached folder `name`, filled by `fill` the first time. It appears whole or not at all: `fill` works in a
 * temporary folder that is renamed at the end, so interruptions and concurrent processes are safe.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const prefix = `.${basename(folder)}-`;
  for (const entry of await readdir(dirname(folder))) {
    const leftBehind = entry.startsWith(prefix) && !lives(Number.parseInt(entry.slice(prefix.length), 10));
    if (leftBehind) await rm(join(dirname(folder), entry), { recursive: true, force: true, maxRetries: 5 });
  }
  const unfinished = await mkdtemp(join(dirname(folder), `${prefix}${process.pid}-`));
  try {
    await fill(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another process was first
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
