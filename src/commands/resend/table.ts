import type * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { GatewayTokens } from "../../account/gateway-tokens.ts";
import type { SendNeeds } from "./send-request.ts";
import { logIn, type Places, type Target } from "../targets.ts";

/** Commands for editing a recorded request and sending it again. */
export type ResendCommands = {
  "aiGateway.resendLog": (target?: Target | LogRef) => void;
  /** Called with the document of the title's button, or else for the active one. */
  "aiGateway.sendRequest": (uri?: vscode.Uri) => void;
  "aiGateway.forgetGatewayToken": () => void;
};

export type ResendTableNeeds = SendNeeds & Places & { gatewayTokens: GatewayTokens };

/** Returns the handlers of the resend commands. */
export function resendCommands(needs: ResendTableNeeds): Handlers<ResendCommands> {
  return {
    "aiGateway.resendLog": async (target) => (await import("./resend-log.ts")).resendLog(needs, logIn(target, needs)),
    "aiGateway.sendRequest": async (uri) => (await import("./send-request.ts")).sendRequest(needs, uri),
    "aiGateway.forgetGatewayToken": async () =>
      (await import("../account/forget-gateway-token.ts")).forgetGatewayToken(needs.gatewayTokens),
  };
}
