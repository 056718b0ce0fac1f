// Calls the gateway with fetch and with a client library, prints the log IDs and stops.
import OpenAI from "openai";

const url = process.env.GATEWAY_URL;
const asking = (content) => ({ model: "gpt-4.1-mini", messages: [{ role: "user", content }] });

const response = await fetch(`${url}/openai/chat/completions`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(asking("Is the blue frame in stock?")),
});
const id = response.headers.get("cf-aig-log-id");
console.log("asked with fetch:", id);

const client = new OpenAI({ baseURL: `${url}/openai`, apiKey: "none" });
const plain = await client.chat.completions.create(asking("And the red one?")).withResponse();
console.log({ "cf-aig-log-id": plain.response.headers.get("cf-aig-log-id") });

const streamed = await client.chat.completions.create({ ...asking("And how many?"), stream: true }).withResponse();
let text = "";
for await (const chunk of streamed.data) text += chunk.choices[0]?.delta?.content ?? "";
const headers = new Map(streamed.response.headers);
const late = { logId: process.env.LATE_ID };
console.log(text.length, headers.size, late.logId); // stop here
