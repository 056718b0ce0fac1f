// Python's own debugger in VS Code, without the extension that brings it elsewhere.
const vscode = require("vscode");

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable(process.env.AI_GATEWAY_LOGS_PYTHON || "/usr/bin/python3", [
          "-m",
          "debugpy.adapter",
        ]),
    }),
  );
};
