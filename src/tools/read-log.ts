import { signedIn } from "../account/signed-in.ts";
import { toMarkdown } from "../chat/markdown.ts";
import type { Conversation } from "../chat/conversation.ts";
import { redact } from "../chat/redact/redact.ts";
import { PlainError } from "../words/explain.ts";
import { readLog } from "../reading/content.ts";
import { unpackConversation } from "../reading/core/packed.ts";
import { bounded, MOST_OF_LOG, REDACTED, type ToolNeeds } from "./needs.ts";
import { rowOf } from "./rows.ts";

/** A log with its conversation, redacted. */
export type ReadLog = { row: Record<string, unknown>; conversation: Conversation };

/**
 * Reads a log by ID from any gateway.
 * @throws PlainError if no gateway has it, SourceError
 */
export async function logOf(id: string, needs: ToolNeeds, signal: AbortSignal): Promise<ReadLog> {
  const { watch } = await needs.debugging.features();
  const state = await watch.lookup.find(id, signal);
  if (state.type === "missing" && state.error !== undefined) throw state.error;
  if (state.type !== "known") throw new PlainError(`No gateway has a log with the id ${id}.`);
  const { gateway } = state;
  const source = signedIn(await needs.sessions.sourceOf(gateway));
  const ref = { ...gateway, logId: state.log.id };
  for await (const { log, conversation } of readLog(ref, { ...needs, source, looks: [] }, signal))
    return { row: rowOf(gateway, log), conversation: redact(unpackConversation(conversation.packed), REDACTED) };
  throw new PlainError(`The log ${id} could not be read.`);
}

/** Returns a log as text: its facts, then its conversation. Rejects like `logOf`. */
export async function readLogOf(id: string, needs: ToolNeeds, signal: AbortSignal): Promise<string> {
  const { row, conversation } = await logOf(id, needs, signal);
  return bounded(`${JSON.stringify(row)}\n\n${toMarkdown(conversation)}`, MOST_OF_LOG);
}
