import type * as vscode from "vscode";
import type { LogRef } from "../../cloudflare/schema.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import { logIn, type Target } from "../targets.ts";

/** A recorded request, edited and sent again. */
export type ResendCommands = {
  "aiGateway.resendLog": (target?: Target | LogRef) => void;
  /** Called with the document whose title has the button; else the one in front is meant. */
  "aiGateway.sendRequest": (uri?: vscode.Uri) => void;
  "aiGateway.forgetGatewayToken": () => void;
};

/** What runs the commands of resending. */
export function resendCommands(needs: CommandNeeds): Handlers<ResendCommands> {
  return {
    "aiGateway.resendLog": async (target) => (await import("./resend-log.ts")).resendLog(needs, logIn(target, needs)),
    "aiGateway.sendRequest": async (uri) => (await import("./send-request.ts")).sendRequest(needs, uri),
    "aiGateway.forgetGatewayToken": async () =>
      (await import("../account/forget-gateway-token.ts")).forgetGatewayToken(needs.gatewayTokens),
  };
}
