import type * as vscode from "vscode";
import type { LogRef } from "../../cloudflare/schema.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { GatewayTokens } from "../../account/gateway-tokens.ts";
import type { SendNeeds } from "./send-request.ts";
import { logIn, type Places, type Target } from "../targets.ts";

/** A recorded request, edited and sent again. */
export type ResendCommands = {
  "aiGateway.resendLog": (target?: Target | LogRef) => void;
  /** Called with the document whose title has the button; else the one in front is meant. */
  "aiGateway.sendRequest": (uri?: vscode.Uri) => void;
  "aiGateway.forgetGatewayToken": () => void;
};

export type ResendTableNeeds = SendNeeds & Places & { gatewayTokens: GatewayTokens };

/** What runs the commands of resending. */
export function resendCommands(needs: ResendTableNeeds): Handlers<ResendCommands> {
  return {
    "aiGateway.resendLog": async (target) => (await import("./resend-log.ts")).resendLog(needs, logIn(target, needs)),
    "aiGateway.sendRequest": async (uri) => (await import("./send-request.ts")).sendRequest(needs, uri),
    "aiGateway.forgetGatewayToken": async () =>
      (await import("../account/forget-gateway-token.ts")).forgetGatewayToken(needs.gatewayTokens),
  };
}
