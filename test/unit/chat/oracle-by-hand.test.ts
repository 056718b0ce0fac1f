import assert from "node:assert/strict";
import { it } from "node:test";
import { type Recorded, isRecordedHere, traffic } from "../../traffic.ts";
import { compare } from "./oracle/compare.ts";
import { recordedFor } from "./oracle/sdk.ts";
import type { Told } from "./oracle/told.ts";

/** Expected contents for providers without an SDK among our packages. */
const contents: Record<string, (response: string) => Told> = {
  "elevenlabs--elevenlabs-transcription-0-b65d99": (response) => ({
    texts: [(JSON.parse(response) as { text: string }).text],
  }),
  "fal--tapes-6228140f61ad-922b63": falImages,
  "made--fal-image": falImages,
  // A model's description: no answer of a model, but known to be data.
  "replicate--test-replicate-image-generation-legacy-1-4ec64b": () => ({ texts: [""], calls: [], media: [] }),
  "replicate--test-replicate-llama-stream-legacy-1-572768": (response) => ({ texts: [replicateText(response)] }),
  "made--replicate-stream": (response) => ({ texts: [replicateText(response)] }),
};

function falImages(response: string): Told {
  return { media: (JSON.parse(response) as { images: { url: string }[] }).images.map(({ url }) => url) };
}

/** Events of several data lines hold a line break for each but the first. */
function replicateText(stream: string): string {
  const outputs = stream.split(/\r?\n\r?\n/).filter((event) => event.includes("event: output"));
  const lines = outputs.map((event) => event.split(/\r?\n/).filter((line) => line.startsWith("data:")));
  return lines.map((data) => data.map((line) => line.slice("data: ".length)).join("\n")).join("");
}

async function read({ id, status, response }: Recorded): Promise<Told> {
  if (status >= 400) throw new Error(response);
  return contents[id]?.(response) ?? assert.fail(`${id}: nobody has looked into it`);
}

compare("hand", recordedFor(undefined), read);

it("no other exchange is without its SDK", () => {
  const providers = new Set(recordedFor(undefined).map(({ provider }) => provider));
  assert.deepEqual([...providers].sort(), isRecordedHere ? ["elevenlabs", "fal", "replicate"] : ["fal", "replicate"]);
  assert.ok(recordedFor(undefined).length < traffic().length / 15);
});
