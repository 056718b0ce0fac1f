import { GATEWAY_TOKEN, type Key } from "./keys.ts";
import { literal, type Language } from "./literal.ts";
import type { SdkCall } from "./sdk.ts";

const LANGUAGE: Language = {
  indent: "    ",
  true: "True",
  false: "False",
  null: "None",
  key: (name) => JSON.stringify(name),
};

const valueOf = ({ scheme, variable }: Omit<Key, "header">): string =>
  scheme ? `f"${scheme} {os.environ['${variable}']}"` : `os.environ["${variable}"]`;

/** Returns the call in Python, with an SDK's class and package; tokens and keys come from the environment. */
export function python(call: SdkCall, sdk: { name: string; from: string; sends: string }): string {
  const { baseUrl, query, method, fields, named, streams, timeout, key, tokenHeader } = call;
  const headers = {
    [tokenHeader]: valueOf({ scheme: "Bearer", variable: GATEWAY_TOKEN }),
    ...(key.header === sdk.sends ? {} : { [key.header]: valueOf(key) }),
  };
  const known = Object.entries(fields).filter(([name]) => named.has(name));
  const others = Object.entries(fields).filter(([name]) => !named.has(name));
  const lines = [
    "import os",
    "",
    `from ${sdk.from} import ${sdk.name}`,
    "",
    `client = ${sdk.name}(`,
    `    api_key=os.environ["${key.variable}"],`,
    `    base_url=${JSON.stringify(baseUrl)},`,
    "    default_headers={",
    ...Object.entries(headers).map(([name, value]) => `        ${JSON.stringify(name)}: ${value},`),
    "    },",
    ...(timeout === undefined ? [] : [`    timeout=${timeout},`]),
    ...(Object.keys(query).length > 0 ? [`    default_query=${literal(query, LANGUAGE, 1)},`] : []),
    ")",
    "",
    `${streams ? "stream" : "answer"} = client.${method}(`,
    ...known.map(([name, value]) => `    ${name}=${literal(value, LANGUAGE, 1)},`),
    // Fields that the SDK has no argument for.
    ...(others.length > 0 ? [`    extra_body=${literal(Object.fromEntries(others), LANGUAGE, 1)},`] : []),
    ")",
    ...(streams ? ["for event in stream:", "    print(event)"] : ["print(answer)"]),
  ];
  return `${lines.join("\n")}\n`;
}
