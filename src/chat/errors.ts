import type { ProviderError } from "./conversation.ts";
import { type JsonRecord, idOf, isEmpty, isRecord, listOf, present, restOf, textOf } from "./json/json.ts";

const WRAPPER_KEYS = new Set(["error", "errors", "type", "success", "object"]);
/** Fields that AWS writes next to the `Message` of an exception. */
const EXCEPTION_KEYS = new Set(["Message", "__type", "Type", "Code", "code", "requestId", "RequestId"]);
const MESSAGE_KEYS = ["message", "Message", "msg", "err_msg", "detail", "title", "error"];

/**
 * Returns the error in a response body: `{error: {…}}`, `{error: "…"}`, `{type: "error", error}`, the gateway's
 * `{success: false, error: [{code, message}]}` and `{errors: […]}`, each alone or in an array; also AWS's `{Message}`.
 * With `failed` (status 400 or more) also a bare `{message}`, `{detail}` or `{title}`.
 */
export function readError(body: unknown, failed: boolean): ProviderError | undefined {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(value)) return undefined;
  const errors = isTold(value.error) ? value.error : isTold(value.errors) ? value.errors : undefined;
  if (errors !== undefined) return errorOf(errors, restOf(value, WRAPPER_KEYS), value);
  const isError =
    value.object === "error" ||
    value.type === "error" ||
    value.error === true ||
    value.success === false ||
    isException(value);
  return isError || (failed && MESSAGE_KEYS.some((key) => !isEmpty(value[key]))) ? errorOf(value) : undefined;
}

/** Whether a field describes an error, rather than only flagging one or none. */
function isTold(error: unknown): boolean {
  return !isEmpty(error) && (typeof error === "string" || typeof error === "object");
}

function isException(value: JsonRecord): boolean {
  return textOf(value.Message) !== undefined && Object.keys(value).every((key) => EXCEPTION_KEYS.has(key));
}

function errorOf(error: unknown, around?: JsonRecord, wrapper?: JsonRecord): ProviderError {
  if (Array.isArray(error)) {
    const [first = null, ...others] = listOf(error);
    return errorOf(first, others.length > 0 ? { ...around, errors: others } : around, wrapper);
  }
  if (!isRecord(error)) {
    const code = codeOf(wrapper?.code);
    return {
      message: typeof error === "string" ? error : JSON.stringify(error),
      ...present({ code, details: around }),
    };
  }
  const messageKey = MESSAGE_KEYS.find((key) => !isEmpty(error[key]));
  const type = ["type", "status", "__type"].find((key) => textOf(error[key]) !== undefined);
  const code = codeOf(error.code);
  // Of a list of failed checks or a nested error, only the text becomes the message.
  const told = messageKey !== undefined && typeof error[messageKey] !== "string" ? undefined : messageKey;
  const used = new Set([told, type, code === undefined ? undefined : "code"].filter((key) => key !== undefined));
  const others = restOf(error, used);
  return {
    message: messageOf(messageKey === undefined ? error : error[messageKey]),
    ...present({
      type: type === undefined ? undefined : textOf(error[type]),
      code,
      details: others === undefined ? around : { ...around, ...others },
    }),
  };
}

function messageOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (isRecord(value) && textOf(value.message) !== undefined) return String(value.message);
  const said = listOf(value).map((item) => (isRecord(item) ? textOf(item.msg) : textOf(item)));
  return said.length > 0 && said.every((item) => item !== undefined) ? said.join("; ") : JSON.stringify(value);
}

function codeOf(value: unknown): string | number | undefined {
  return typeof value === "number" ? value : idOf(value);
}
