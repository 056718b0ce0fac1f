// Counts the calls of each action at a million events of Workers Observability: as many as at a thousand.
import { isDeepStrictEqual } from "node:util";
import { addEvents, CALLS, callsPerAction } from "../events-calls.ts";
import { startTestGateway } from "../gateway.ts";

const EVENTS = 1_000_000;

const gateway = await startTestGateway();
addEvents(gateway, EVENTS);
const counts = await callsPerAction(gateway);
await gateway.close();
const isWell = isDeepStrictEqual(counts, CALLS);
console.log(`${isWell ? "✔" : "✖"} calls at ${EVENTS} events, the first time and again:`);
for (const [action, calls] of Object.entries(counts)) console.log(`  ${action}: ${calls}, wanted ${CALLS[action]}`);
process.exitCode = isWell ? 0 : 1;
