import { GATEWAY_TOKEN, type Key } from "./keys.ts";
import { literal, type Language } from "./literal.ts";
import type { SdkCall } from "./sdk.ts";

const LANGUAGE: Language = {
  indent: "  ",
  true: "true",
  false: "false",
  null: "null",
  key(name) {
    // A plain key would set the object's prototype.
    if (name === "__proto__") return '["__proto__"]';
    return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  },
};

const valueOf = ({ scheme, variable }: Omit<Key, "header">): string =>
  scheme ? `\`${scheme} \${process.env.${variable}}\`` : `process.env.${variable}`;

/** Returns the call in TypeScript, with an SDK's class and package; tokens and keys come from the environment. */
export function typescript(call: SdkCall, sdk: { name: string; from: string; sends: string }): string {
  const { baseUrl, query, method, type, fields, streams, timeout, key, tokenHeader } = call;
  const headers = {
    [tokenHeader]: valueOf({ scheme: "Bearer", variable: GATEWAY_TOKEN }),
    ...(key.header === sdk.sends ? {} : { [key.header]: valueOf(key) }),
  };
  const lines = [
    `import ${sdk.name} from "${sdk.from}";`,
    "",
    `const client = new ${sdk.name}({`,
    `  apiKey: process.env.${key.variable},`,
    `  baseURL: ${JSON.stringify(baseUrl)},`,
    `  defaultHeaders: {`,
    ...Object.entries(headers).map(([name, value]) => `    ${JSON.stringify(name)}: ${value},`),
    `  },`,
    ...(timeout === undefined ? [] : [`  timeout: ${timeout} * 1000,`]),
    ...(Object.keys(query).length > 0 ? [`  defaultQuery: ${literal(query, LANGUAGE, 1)},`] : []),
    `});`,
    "",
    // Other providers take fields that the SDK's types lack; the recorded fields are sent as they are.
    `const ${streams ? "stream" : "answer"} = await client.${method}(${literal(fields, LANGUAGE, 0)} as ${sdk.name}.${type});`,
    ...(streams ? ["for await (const event of stream) console.log(event);"] : ["console.log(answer);"]),
  ];
  return `${lines.join("\n")}\n`;
}
