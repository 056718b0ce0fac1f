// The API's published shapes are kept beside the project, not in it; without them the tests on them are skipped.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import formats from "ajv-formats";

type Json = { [key: string]: unknown };

/** The tests also run as built copies deeper in the project, so it is looked for upwards. */
function find(folder: string, name: string): string | undefined {
  const file = join(folder, "shared/api", name);
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : find(dirname(folder), name);
}

const file = find(import.meta.dirname, "openapi-ai-gateway.json");

/** Why the tests on the published shapes are skipped, where those are not here; else false. */
export const shapesMissing =
  file === undefined ? "the API's shapes (../shared/api/openapi-ai-gateway.json) are not here" : false;

const document: Json = file === undefined ? {} : (JSON.parse(readFileSync(file, "utf8")) as Json);

/** The one member of a JSON document that the keys lead to. */
function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((found, key) => (found as Json | undefined)?.[key], value);
}

function resolved(schema: unknown): unknown {
  const ref = at(schema, "$ref");
  return typeof ref === "string" ? resolved(at(document, ...ref.split("/").slice(1))) : schema;
}

/** The shape as JSON Schema that lets through what is declared and nothing else. */
function closed(given: unknown): unknown {
  const schema = resolved(given);
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const { nullable, properties, additionalProperties, ...rest } = schema as Json;
  const shape: Json = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => !key.startsWith("x-") && key !== "example")
      .map(([key, value]) => [key, key === "enum" || key === "required" ? value : closed(value)]),
  );
  if (properties !== undefined) {
    shape["properties"] = Object.fromEntries(
      Object.entries(properties as Json).map(([key, value]) => [key, closed(value)]),
    );
    shape["additionalProperties"] = false;
  } else if (additionalProperties !== undefined) {
    shape["additionalProperties"] = closed(additionalProperties);
  }
  return nullable === true ? { anyOf: [shape, { type: "null" }] } : shape;
}

const CONTENT = ["content", "application/json", "schema"];

/** The shape of an operation's answer: of the status, else of its class; undefined where none is declared. */
export function answerShape(method: string, path: string, status: number): unknown {
  const responses = at(document, "paths", path, method.toLowerCase(), "responses");
  const response = at(responses, String(status)) ?? at(responses, `${Math.floor(status / 100)}XX`);
  return resolved(at(resolved(response), ...CONTENT));
}

/** The envelope of a failure that no operation declares for itself (API notes: Errors). */
export const commonFailure = (): unknown => at(document, "components", "schemas", "api_response_common_failure");

/** Whether the answer to a GET declares this member: "result/id" of one, "result/*\/id" of each in a list. */
export function declares(path: string, member: string): boolean {
  const schema = member
    .split("/")
    .reduce<unknown>(
      (found, key) => resolved(key === "*" ? at(found, "items") : at(found, "properties", key)),
      answerShape("GET", path, 200),
    );
  return schema !== undefined;
}

/** The query parameters that an operation declares. */
export function queryParameters(method: string, path: string): string[] {
  const parameters = at(document, "paths", path, method.toLowerCase(), "parameters") as Json[];
  return parameters.flatMap((parameter) => {
    const { name, in: place } = resolved(parameter) as { name: string; in: string };
    return place === "query" ? [name] : [];
  });
}

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);

/** What of an answer is not as the shape says; members that it does not declare are told too. */
export function differences(shape: unknown, answer: unknown): ErrorObject[] {
  const validate = ajv.compile(closed(shape) as Json);
  validate(answer);
  return validate.errors ?? [];
}
