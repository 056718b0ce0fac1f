import type { Conversation } from "../../../src/chat/conversation.ts";
import { read } from "./exchange.ts";
import { assertWellFormed } from "./wellformed.ts";

/** The least of a request. */
export const REQUEST = { model: "m", input: "Hi" };

/** Reads an exchange at the Responses API's address, and checks that it's well-formed. */
export function responses(response: unknown, request: unknown = REQUEST, path = "v1/responses"): Conversation {
  const conversation = read(response, request, { path });
  assertWellFormed(conversation);
  return conversation;
}

/** A completed response with this output. */
export const whole = (output: unknown, rest: object = {}) => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "m-1",
  output,
  ...rest,
});
