// The shapes of the API's responses: as in test/fixtures/api-shapes.ts, and as published, if that exists next to the
// project.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import formats from "ajv-formats";
import { API_SHAPES } from "../../fixtures/api-shapes.ts";

type Json = { [key: string]: unknown };

function find(folder: string): string | undefined {
  const file = join(folder, "shared/api/openapi-ai-gateway.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : find(dirname(folder));
}

/** The one member of a JSON document that the keys lead to. */
function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((found, key) => (found as Json | undefined)?.[key], value);
}

const CONTENT = ["content", "application/json", "schema"];

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);

/** Response shapes of an OpenAPI document. */
class Shapes {
  /** Where the document is from: "described" or "published". */
  readonly name: string;
  readonly #document: unknown;

  constructor(name: string, document: unknown) {
    this.name = name;
    this.#document = document;
  }

  /**
   * Returns the shape of an operation's response: of the status, else of its class; undefined if neither is declared.
   */
  answer(method: string, path: string, status: number): unknown {
    const responses = at(this.#document, "paths", path, method.toLowerCase(), "responses");
    const response = at(responses, String(status)) ?? at(responses, `${Math.floor(status / 100)}XX`);
    return this.#resolved(at(this.#resolved(response), ...CONTENT));
  }

  /** The envelope of a failure that no operation declares for itself (API notes: Errors). */
  commonFailure(): unknown {
    return at(this.#document, "components", "schemas", "api_response_common_failure");
  }

  /** The keys of a filter of logs. */
  filterKeys(): unknown {
    return at(this.#document, "components", "schemas", "aig_log_filter", "properties", "key", "enum");
  }

  /** Whether the response of a GET declares a member: "result/id" of one, "result/*\/id" of each in a list. */
  declares(path: string, member: string): boolean {
    const schema = member
      .split("/")
      .reduce<unknown>(
        (found, key) => this.#resolved(key === "*" ? at(found, "items") : at(found, "properties", key)),
        this.answer("GET", path, 200),
      );
    return schema !== undefined;
  }

  /** The query parameters that an operation declares. */
  queryParameters(method: string, path: string): string[] {
    const parameters = at(this.#document, "paths", path, method.toLowerCase(), "parameters") as Json[];
    return parameters.flatMap((parameter) => {
      const { name, in: place } = this.#resolved(parameter) as { name: string; in: string };
      return place === "query" ? [name] : [];
    });
  }

  /** Returns how a response differs from its shape, including undeclared members. */
  differences(shape: unknown, answer: unknown): ErrorObject[] {
    const validate = ajv.compile(this.#closed(shape) as Json);
    validate(answer);
    return validate.errors ?? [];
  }

  #resolved(schema: unknown): unknown {
    const ref = at(schema, "$ref");
    return typeof ref === "string" ? this.#resolved(at(this.#document, ...ref.split("/").slice(1))) : schema;
  }

  /** Returns the shape as JSON Schema that allows only declared members. */
  #closed(given: unknown): unknown {
    const schema = this.#resolved(given);
    if (Array.isArray(schema)) return schema.map((one) => this.#closed(one));
    if (typeof schema !== "object" || schema === null) return schema;
    const { nullable, properties, additionalProperties, ...rest } = schema as Json;
    const shape: Json = Object.fromEntries(
      Object.entries(rest)
        .filter(([key]) => !key.startsWith("x-") && key !== "example")
        .map(([key, value]) => [key, key === "enum" || key === "required" ? value : this.#closed(value)]),
    );
    if (properties !== undefined) {
      shape["properties"] = Object.fromEntries(
        Object.entries(properties as Json).map(([key, value]) => [key, this.#closed(value)]),
      );
      shape["additionalProperties"] = false;
    } else if (additionalProperties !== undefined) {
      shape["additionalProperties"] = this.#closed(additionalProperties);
    }
    return nullable === true ? { anyOf: [shape, { type: "null" }] } : shape;
  }
}

const file = find(import.meta.dirname);

/** Whether the published shapes exist; test/unit/build/shared.test.ts fails if CI is set and they don't. */
export const arePublishedShapesHere = file !== undefined;

/** The shapes that the tests run on. */
export const ALL_SHAPES: readonly Shapes[] = [
  new Shapes("described", API_SHAPES),
  ...(file === undefined ? [] : [new Shapes("published", JSON.parse(readFileSync(file, "utf8")))]),
];
