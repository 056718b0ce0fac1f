// Makes a call, prints the ID without a line end, and crashes.
const response = await fetch(`${process.env.GATEWAY_URL}/openai/chat/completions`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "gpt-4.1-mini", messages: [{ role: "user", content: "Hello" }] }),
});
process.stdout.write(response.headers.get("cf-aig-log-id"));
throw new Error("crashed");
