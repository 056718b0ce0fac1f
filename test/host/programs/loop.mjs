// Makes 500 calls, ten at a time, and prints the id of each log.
const url = process.env.GATEWAY_URL;
const body = JSON.stringify({ model: "gpt-4.1-mini", messages: [{ role: "user", content: "Hello" }] });
const headers = { "content-type": "application/json" };

async function call() {
  const response = await fetch(`${url}/openai/chat/completions`, { method: "POST", headers, body });
  await response.arrayBuffer();
  console.log(response.headers.get("cf-aig-log-id"));
}

for (let made = 0; made < 500; made += 10) await Promise.all(Array.from({ length: 10 }, call));
