import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type Recorded, expectedText, isRecordedHere } from "../../../traffic.ts";
import { readRecorded } from "./recorded.ts";
import { type Told, toldBy } from "./told.ts";

/** Reads a recorded exchange with an SDK. */
type Oracle = (recorded: Recorded) => Promise<Told>;

/** Exchanges that the SDK can't read, or not completely, by ID: why, and their content, found another way. */
export type Apart = Record<string, { why: string; told: (recorded: Recorded) => Told }>;

/**
 * One test per kind: our reading of each exchange equals its SDK's. Exchanges in `apart` are compared with that table
 * instead, and must differ from the SDK's reading.
 */
export function compare(sdk: string, exchanges: Recorded[], oracle: Oracle, apart: Apart = {}): void {
  const absent = Object.keys(apart).filter((id) => !exchanges.some((recorded) => recorded.id === id));
  describe(`traffic as ${sdk} reads it`, () => {
    it("is not nothing", () => assert.notEqual(exchanges.length, 0));
    for (const [kind, ofKind] of Map.groupBy(exchanges, (recorded) => recorded.kind)) {
      it(kind, async (context) => {
        const differences: string[] = [];
        for (const recorded of ofKind) {
          const differs = difference(recorded, await ask(oracle, recorded));
          const aside = apart[recorded.id];
          if (aside !== undefined && differs === undefined) differences.push(`${recorded.id}: is read by ${sdk} now`);
          const found = aside === undefined ? differs : difference(recorded, aside.told(recorded));
          if (found !== undefined) differences.push(found);
        }
        const others = ofKind.filter(({ id }) => id in apart).length;
        context.diagnostic(`${kind}: ${ofKind.length - others} compared with ${sdk}, ${others} otherwise`);
        if (differences.length > 0) assert.fail(`${differences.length} differ\n${differences.join("\n")}`);
      });
    }
    it("all that is apart is there", () => assert.deepEqual(isRecordedHere ? absent : [], []));
  });
}

async function ask(oracle: Oracle, recorded: Recorded): Promise<Told> {
  try {
    return await oracle(recorded);
  } catch (error) {
    const said = `${String(error)} ${JSON.stringify(error)} ${bodyIn(error)}`;
    // The SDK keeps nothing of a stream that ends in an error.
    const isBroken = recorded.streaming && recorded.kind === "openai-chat";
    return isBroken ? { error: said, texts: [expectedText(recorded)] } : { error: said };
  }
}

function bodyIn(error: unknown): string {
  const body = error instanceof Error && "body" in error ? error.body : "";
  return typeof body === "string" ? body : JSON.stringify(body);
}

function difference(recorded: Recorded, theirs: Told): string | undefined {
  const conversation = readRecorded(recorded);
  const { error } = conversation;
  const fields = Object.entries(toldBy(conversation, theirs)).filter(
    ([key, ours]) => !isDeepStrictEqual(ours, theirs[key as keyof Told]),
  );
  const lines = fields.map(([key, ours]) => `  ${key}: ${brief(ours)}\n    not ${brief(theirs[key as keyof Told])}`);
  if (!isSameError(error?.message, theirs.error, recorded))
    lines.push(`  error: ${brief(error?.message)}\n    not ${brief(theirs.error)}`);
  return lines.length === 0 ? undefined : `${recorded.id} (${conversation.format})\n${lines.join("\n")}`;
}

function isSameError(ours: string | undefined, theirs: string | undefined, { response, status }: Recorded): boolean {
  if (ours === undefined) {
    // A failed call with an empty body or an HTML page is described by its status.
    return theirs === undefined || (status >= 400 && /^\s*(?:<|$)/.test(response));
  }
  return theirs !== undefined && (theirs.includes(ours) || theirs.includes(JSON.stringify(ours).slice(1, -1)));
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 400 ? `${text.slice(0, 250)} … ${text.slice(-130)} (${text.length})` : text;
}
