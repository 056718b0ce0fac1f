import { InferenceClient } from "@huggingface/inference";
import type { Recorded } from "../../traffic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { readOpenAiChat } from "./oracle/openai-chat.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import type { Told } from "./oracle/told.ts";

const apart: Apart = {
  "made--huggingface-generation": {
    why: "a list of texts, as models answer at their own address, which the SDK no longer reads",
    told: ({ response }) => ({
      texts: (JSON.parse(response) as { generated_text: string }[]).map((one) => one.generated_text),
    }),
  },
  "huggingface--testinferenceclient-test-text-to-image-default-fal-ai-text-to-image-1-615288": {
    why: "the SDK downloads the image and gives its bytes, not its URL",
    told: ({ response }) => ({ media: [(JSON.parse(response) as { images: { url: string }[] }).images[0]?.url ?? ""] }),
  },
};

async function read(recorded: Recorded): Promise<Told> {
  // TGI asked at its own address with messages answers with OpenAI's chunks, which `textGenerationStream` passes on unread.
  if (recorded.response.includes("chat.completion.chunk")) return readOpenAiChat(answering(recorded), true);
  const client = new InferenceClient("-", {
    endpointUrl: "http://localhost",
    retry_on_error: false,
    fetch: answering(recorded),
  });
  if (recorded.path.startsWith("/fal-ai/")) throw new Error("not asked");
  if (recorded.path.startsWith("/pipeline/question-answering")) {
    await client.questionAnswering({ inputs: { question: "", context: "" } });
    return {};
  }
  if (!recorded.streaming) return { texts: [(await client.textGeneration({ inputs: "" })).generated_text] };
  let text = "";
  for await (const { token } of client.textGenerationStream({ inputs: "" })) text += token.special ? "" : token.text;
  return { texts: [text] };
}

compare("@huggingface/inference", recordedFor("@huggingface/inference"), read, apart);
