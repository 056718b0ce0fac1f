import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openSampleStore } from "../src/local/samples/index.ts";

/**
 * Fills the sample gateway in a VS Code's user data folder (the one that holds User) with logs dated back from now. The
 * extension takes the sample gateway as open when that file is there.
 */
export async function addSamples(userDataDir: string): Promise<void> {
  const file = join(userDataDir, "User/globalStorage/ai-gateway-logs.ai-gateway-logs/sample.sqlite");
  await mkdir(dirname(file), { recursive: true });
  openSampleStore(file, new Date()).close();
}
