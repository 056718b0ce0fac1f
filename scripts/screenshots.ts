// npm run screenshots: the pictures of the README, taken in a real window with the sample gateway.
import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openWindow } from "../test/ui/window.ts";
import { root } from "./root.ts";
import { addSamples } from "./samples.ts";

const themes = { dark: "Default Dark Modern", light: "Default Light Modern", contrast: "Default High Contrast" };
const folder = join(root, "media/screenshots");

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
await mkdir(folder, { recursive: true });
for (const [name, theme] of Object.entries(themes)) {
  const window = await openWindow({ theme, prepare: addSamples });
  await window.openView("AI Gateway");
  await window.expandRow("sample");
  await window.expandRow(/Today|Yesterday/);
  await window.clickRow(/gpt|claude/);
  await window.webviewFrame("#log > *");
  const path = join(folder, `${name}.png`);
  await window.screenshot(path);
  console.log(path);
  await window.close();
}
