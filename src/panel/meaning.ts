import * as vscode from "vscode";
import { GATEWAY_NAMES } from "../account/gateway-names.ts";
import type { Failure } from "./failure.ts";

/** Returns the usual meaning of a failure, in one sentence. */
export function meaningOf(failure: Failure): string {
  const t = vscode.l10n.t;
  switch (failure) {
    case "noGateway":
      return t("The account has no gateway of this name, or none that is set up for this call.");
    case "unknownProvider":
      return t("The gateway doesn't know the provider in the call's URL.");
    case "gatewayToken":
      return t(
        "The gateway itself refused the call: it asks for a token in the header {0} that is missing or not valid.",
        GATEWAY_NAMES.headers.token,
      );
    case "promptBlocked":
      return t("The gateway's Guardrails blocked the prompt, so it didn't reach the model.");
    case "responseBlocked":
      return t("The gateway's Guardrails blocked what the model answered.");
    case "dlpRequest":
      return t("The gateway's data loss prevention (DLP) found something in the request that must not leave.");
    case "dlpResponse":
      return t("The gateway's data loss prevention (DLP) found something in the response that must not be passed on.");
    case "cloudflareToken":
      return t("Cloudflare did not accept the API token that the call was made with.");
    case "contextLength":
      return t("The prompt and the answer asked for are longer than the model's context window.");
    case "contentFilter":
      return t("The provider's content filter refused the prompt or the answer.");
    case "quota":
      return t("The provider account's quota or credit is used up. Waiting won't help.");
    case "overloaded":
      return t("The provider is overloaded. Try again later.");
    case "badRequest":
      return t("The provider rejected the request: a parameter or the format of the body is wrong.");
    case "providerKey":
      return t("The API key is missing, or the provider doesn't accept it.");
    case "payment":
      return t("The provider account lacks payment or credit.");
    case "permission":
      return t("The API key is valid, but has no permission for this, such as for this model or from this location.");
    case "notFound":
      return t("The provider knows no such model or address, or the API key has no access to it.");
    case "timeout":
      return t("The request took too long to arrive or to be answered.");
    case "tooLarge":
      return t("The request is larger than the provider or the gateway accepts.");
    case "invalidInput":
      return t("The request's format is right, but the provider doesn't accept one of its values.");
    case "rateLimit":
      return t("The provider's or the gateway's limit of calls or tokens was reached. Wait, then try again.");
    case "serverError":
      return t("The provider had an error. The same call may succeed if you try again.");
    case "badGateway":
      return t("The provider's server gave no answer that could be passed on.");
    case "unavailable":
      return t("The provider is unavailable: overloaded, or down for maintenance.");
    case "gatewayTimeout":
      return t("The provider did not answer in time.");
    case "originDown":
      return t("Cloudflare could not connect to the provider's server.");
    case "originTimeout":
      return t("Cloudflare's connection to the provider's server timed out before the answer was there.");
  }
}
