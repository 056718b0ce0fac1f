import { gatewayError } from "../answers.ts";
import type { Random } from "./random.ts";

/** A failed call: status, body, and other fields of the log. */
export type Failure = { status: number; body: unknown; dlpAction?: "BLOCK" | "FLAG" };

function gateway(status: number, code: number, message: string): Failure {
  return { status, body: gatewayError(code, message) };
}

/** A data loss prevention policy blocks the request or the response (API notes: Headers). */
export function dlpBlock(which: "request" | "response"): Failure {
  const failure =
    which === "request"
      ? gateway(400, 2029, "Request content blocked due to DLP policy violations")
      : gateway(400, 2030, "Response content blocked due to DLP policy violations");
  return { ...failure, dlpAction: "BLOCK" };
}

/** Guardrails block the prompt. */
export function guardrailBlock(): Failure {
  return gateway(424, 2016, "Prompt blocked due to security configurations");
}

function openAi(status: number, type: string, code: string | null, message: string): Failure {
  return { status, body: { error: { message, type, param: null, code } } };
}

/** Failures in OpenAI's words. */
export const OPENAI = {
  unauthorized: openAi(
    401,
    "invalid_request_error",
    "invalid_api_key",
    "Incorrect API key provided. You can find your API key in the provider's dashboard.",
  ),
  rateLimited: openAi(
    429,
    "tokens",
    "rate_limit_exceeded",
    "Rate limit reached for tokens per minute (TPM): Limit 200000, Used 198412, Requested 3120. Please try again in 459ms.",
  ),
  tooLong: openAi(
    400,
    "invalid_request_error",
    "context_length_exceeded",
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 131502 tokens. Please reduce the length of the messages.",
  ),
  broken: openAi(500, "server_error", null, "The server had an error while processing your request. Sorry about that!"),
};

/** Failures in Anthropic's words. */
export const ANTHROPIC = {
  overloaded: { status: 529, body: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } } },
  unauthorized: {
    status: 401,
    body: { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } },
  },
  tooLong: {
    status: 400,
    body: {
      type: "error",
      error: { type: "invalid_request_error", message: "prompt is too long: 208310 tokens > 200000 maximum" },
    },
  },
};

/** Failures in Google's words. */
export const GOOGLE: Record<"exhausted", Failure> = {
  exhausted: {
    status: 429,
    body: {
      error: { code: 429, message: "Resource has been exhausted (e.g. check quota).", status: "RESOURCE_EXHAUSTED" },
    },
  },
};

/** Returns a failure that any OpenAI-compatible provider may have. */
export function anyFailure(random: Random): Failure {
  return random.pick([OPENAI.rateLimited, OPENAI.broken, OPENAI.unauthorized, OPENAI.tooLong]);
}
