import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openSampleStore } from "../src/local/samples/index.ts";

/**
 * Fills the sample gateway in a VS Code's user data folder (the one with User) with logs dated back from now. The
 * extension treats the sample gateway as open if that file exists.
 */
export async function addSamples(userDataDir: string): Promise<void> {
  const file = join(userDataDir, "User/globalStorage/ai-gateway-logs.ai-gateway-logs/sample.sqlite");
  await mkdir(dirname(file), { recursive: true });
  openSampleStore(file, new Date()).close();
}
