import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "msedge",
  "chrome",
];

/** Returns this machine's first Chromium, Chrome or Edge: CHROME_PATH, PATH, then the usual places. */
function find(): string | undefined {
  const { CHROME_PATH, PATH = "", PROGRAMFILES, LOCALAPPDATA } = process.env;
  const onPath = names.flatMap((name) =>
    PATH.split(delimiter).map((folder) => join(folder, process.platform === "win32" ? `${name}.exe` : name)),
  );
  const usual = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ...[PROGRAMFILES, process.env["PROGRAMFILES(X86)"], LOCALAPPDATA].flatMap((folder) =>
      folder
        ? [join(folder, "Google/Chrome/Application/chrome.exe"), join(folder, "Microsoft/Edge/Application/msedge.exe")]
        : [],
    ),
  ];
  return [...(CHROME_PATH ? [CHROME_PATH] : []), ...onPath, ...usual].find((path) => existsSync(path));
}

/** Runs apt-get without questions; returns whether it succeeded. */
export function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
}

/**
 * Returns the path of a Chromium. On Debian-based systems, as root, installs a missing one with apt-get, with a
 * message. Throws a plain message if there is none.
 */
export function chromiumPath(): string {
  const found = find();
  if (found) return found;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    console.log("No Chromium or Chrome is here: installing it (apt-get install chromium), about a minute…");
    if (apt("install", "-y", "-qq", "chromium") || (apt("update", "-qq") && apt("install", "-y", "-qq", "chromium"))) {
      const installed = find();
      if (installed) return installed;
    }
  }
  throw new Error(
    "No Chromium, Chrome or Edge was found. Install one (on Debian and Ubuntu, as root: apt-get install -y chromium) " +
      "or put the path of one in the environment variable CHROME_PATH.",
  );
}

/** Starts a headless Chromium. It ends with this process. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
