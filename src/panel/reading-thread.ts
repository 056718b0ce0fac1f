// The thread that does one job on a large body: takes it as `workerData`, answers with what it gives, ends.
import { parentPort, workerData } from "node:worker_threads";
import { runJob } from "./jobs.ts";
import type { ThreadWork } from "./reading.ts";

const { name, input } = workerData as ThreadWork;
const given = runJob(name, input);
// Bytes are handed over, not copied.
parentPort?.postMessage(
  { given },
  given instanceof Uint8Array && given.buffer instanceof ArrayBuffer ? [given.buffer] : [],
);
