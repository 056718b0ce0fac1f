// Worker thread for one job on a large body: takes it as `workerData`, posts the result, exits.
import { parentPort, workerData } from "node:worker_threads";
import { runJob } from "./jobs.ts";
import type { ThreadWork } from "./reader.ts";

const { name, input } = workerData as ThreadWork;
const given = runJob(name, input);
// Transfers bytes instead of copying them.
const bytes = typeof given === "object" && "packed" in given ? given.packed : given;
parentPort?.postMessage(
  { given },
  bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [],
);
