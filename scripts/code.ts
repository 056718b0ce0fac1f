// Takes the arguments of VS Code's `code` as @vscode/test-electron's runTests passes them, and runs the tests in a VS
// Code server with Chromium as its window. Exits with the tests' exit code.
import { format, parseArgs } from "node:util";
import { launchChromium } from "./chromium.ts";
import { startServer, windowUrl } from "./vscode.ts";

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionTestsPath: { type: "string" },
    extensionDevelopmentPath: { type: "string", multiple: true },
    "disable-workspace-trust": { type: "boolean" },
    deadline: { type: "string", default: "600" }, // seconds
  },
});
const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const tests = text(values.extensionTestsPath);
const folder = positionals[0];
// A window takes one extension in development; the others are installed.
const [extension, ...others] = (values.extensionDevelopmentPath ?? []).map(String);

const server = await startServer({
  testDriver: true,
  extensions: others,
  settings: { "security.workspace.trust.enabled": values["disable-workspace-trust"] !== true },
});
const browser = await launchChromium();

/** VS Code's own messages in every window: parts that aren't compiled, no marketplace, its connection. */
const noise =
  /spdlog|native-watchdog|Release\/watchdog|ServiceWorker|open-vsx|connection token|^Creating a socket|grace-time|builtin extensions cache|^\[(AgentHost|AccountPolicyGate)/;

/** Closes window and server, then ends this process. */
async function finish(code: number): Promise<void> {
  clearTimeout(timer);
  await Promise.allSettled([browser.close(), server.stop()]);
  process.exit(code);
}
const timer = setTimeout(
  () => {
    console.error(`VS Code was ended: the tests did not finish within ${values.deadline} s`);
    void finish(1);
  },
  Number(values.deadline) * 1000,
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void finish(130));

const page = await browser.newPage();
await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
  const line = format(...args);
  if (noise.test(line)) return;
  if (type === "error" || type === "warn") console.error(line);
  else console.log(line);
});
await page.exposeFunction("codeAutomationExit", (code: number) => finish(code));
page.on("crash", () => {
  console.error("the VS Code window crashed");
  void finish(1);
});
await page.goto(
  windowUrl(server, {
    ...(extension && { extension }),
    ...(tests && { tests }),
    ...(folder && { folder }),
  }),
  // A busy machine takes longer to load the workbench than the 30 s that are usual for a page.
  { timeout: 120_000 },
);
