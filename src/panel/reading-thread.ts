// The thread that reads one large exchange: takes it as `workerData`, answers with what a page can show of it, ends.
import { parentPort, workerData } from "node:worker_threads";
import type { RecordedExchange } from "../chat/conversation.ts";
import { readBounded } from "./read-bounded.ts";

parentPort?.postMessage(readBounded(workerData as RecordedExchange));
