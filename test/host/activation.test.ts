import assert from "node:assert/strict";
import * as vscode from "vscode";

describe("activation", () => {
  it("brings every command package.json names", async () => {
    const extension = vscode.extensions.getExtension("ai-gateway-logs.ai-gateway-logs");
    assert.ok(extension, "the extension is in this window");
    await extension.activate();
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = await vscode.commands.getCommands(true);
    const missing = contributes.commands.map(({ command }) => command).filter((id) => !registered.includes(id));
    assert.deepEqual(missing, []);
    assert.ok(contributes.commands.length > 0);
  });
});
