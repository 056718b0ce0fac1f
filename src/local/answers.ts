/** A response of the server: JSON, or a stored body as is. */
export type Answer = { status: number; headers?: Record<string, string> } & (
  { json: unknown } | { bytes: Uint8Array; contentType: string | undefined }
);

/** A rejected call; becomes an error envelope. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super("refused");
    this.answer = answer;
  }
}

/** The v4 API's failure envelope (API notes: Errors). */
export function failure(status: number, code: number, message: string): Answer {
  return { status, json: { success: false, errors: [{ code, message }], messages: [], result: null } };
}

/** AI Gateway's own 400: code 7001 and a null result (API notes: Errors). */
export function badInput(message: string): Refusal {
  return new Refusal({ status: 400, json: { success: false, errors: [{ code: 7001, message }], result: null } });
}

/** The gateway's own error for an inference call that it doesn't forward: a list in `error`. */
export function gatewayError(code: number, message: string): unknown {
  return { success: false, result: [], messages: [], error: [{ code, message }] };
}

/** AI Gateway's own 404 for an unknown ID (API notes: Errors). */
export const NOT_FOUND: Answer = {
  status: 404,
  json: { errors: [{ code: 7002, message: "Not Found" }], success: false },
};

/** AI Gateway's success envelope, without errors and messages (API notes: Errors). */
export function success(result: unknown, info?: Record<string, unknown>): Answer {
  return {
    status: 200,
    json: info === undefined ? { success: true, result } : { success: true, result, result_info: info },
  };
}

/** The success envelope of the rest of the v4 API, with errors and messages. */
export function v4Success(result: unknown, more: Record<string, unknown> = {}): Answer {
  return { status: 200, json: { result, success: true, errors: [], messages: [], ...more } };
}
