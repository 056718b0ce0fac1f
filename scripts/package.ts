// npm run package: builds for production and packs the .vsix, prints its content and size, and fails if it contains
// anything that an installed extension doesn't need.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { root } from "./root.ts";

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);

const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, string>;
const packagePath = join(root, `${name}-${version}.vsix`);
const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
const kilobytes = (path: string) => `${(statSync(path).size / 1024).toFixed(1)} KB`;
for (const file of files) console.log(`${kilobytes(join(root, file)).padStart(10)}  ${file}`);

const allowed =
  /^(package(\.nls.*)?\.json|(README|CHANGELOG)\.md|LICENSE(\.txt)?|l10n\/.*\.json|media\/(icon\.png|[\w-]+\.svg)|dist\/(NOTICES\.txt|.*\.(js|css|ttf|svg)))$/;
const foreign = files.filter((file) => !allowed.test(file) || file.startsWith("dist/test"));
if (foreign.length > 0) {
  console.error(`these do not belong in the package: ${foreign.join(", ")}`);
  process.exit(1);
}
await createVSIX({
  cwd: root,
  dependencies: false,
  packagePath,
  allowMissingRepository: true,
  rewriteRelativeLinks: false, // there is no public repository for the README's pictures
});
console.log(`${packagePath}: ${kilobytes(packagePath)}, ${files.length} files`);
