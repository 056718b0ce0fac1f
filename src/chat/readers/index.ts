import type { Reader } from "../reader.ts";
import { anthropicComplete } from "./anthropic/complete.ts";
import { anthropicCountTokens } from "./anthropic/count-tokens.ts";
import { anthropicMessages } from "./anthropic/messages.ts";
import { batches } from "./others/batches.ts";
import { bedrockCountTokens, bedrockGuardrail } from "./bedrock/checks.ts";
import { bedrockConverse } from "./bedrock/converse.ts";
import { bedrockInvoke } from "./bedrock/invoke.ts";
import { cartesia } from "./others/cartesia.ts";
import { cohereChatV1 } from "./cohere/chat-v1.ts";
import { cohereChat } from "./cohere/chat.ts";
import { cohereClassify } from "./cohere/classify.ts";
import { cohereEmbed } from "./cohere/embed.ts";
import { cohereGenerate } from "./cohere/generate.ts";
import { rerank } from "./cohere/rerank.ts";
import { cohereTokenize } from "./cohere/tokenize.ts";
import { deepgram } from "./others/deepgram.ts";
import { elevenlabs } from "./others/elevenlabs.ts";
import { fal } from "./others/fal.ts";
import { geminiEmbeddings } from "./gemini/embeddings.ts";
import { geminiGenerate } from "./gemini/generate.ts";
import { geminiInteractions } from "./gemini/interactions.ts";
import { geminiLive } from "./gemini/live.ts";
import { geminiPredict } from "./gemini/predict.ts";
import { huggingface } from "./huggingface/huggingface.ts";
import { mistralConversations } from "./mistral/conversations.ts";
import { mistralOcr } from "./mistral/ocr.ts";
import { ollama } from "./ollama/ollama.ts";
import { openaiAudio } from "./openai/audio.ts";
import { openaiChat } from "./openai/chat.ts";
import { openaiCompletions } from "./openai/completions.ts";
import { openaiEmbeddings } from "./openai/embeddings.ts";
import { openaiImages } from "./openai/images.ts";
import { openaiModerations } from "./openai/moderations.ts";
import { openaiRealtime } from "./openai/realtime.ts";
import { openaiResponses } from "./openai/responses.ts";
import { openaiThreads } from "./openai/threads.ts";
import { parallelTasks } from "./others/parallel-tasks.ts";
import { replicate } from "./replicate/replicate.ts";
import { videos } from "./others/videos.ts";
import { webSearch } from "./others/web-search.ts";
import { workersAi } from "./workers-ai/workers-ai.ts";

/** The wire formats. If only a body's shape decides, the first match reads it. */
export const READERS: readonly Reader[] = [
  anthropicMessages,
  batches,
  openaiThreads,
  openaiChat,
  openaiRealtime,
  openaiResponses,
  geminiGenerate,
  geminiInteractions,
  geminiEmbeddings,
  geminiPredict,
  geminiLive,
  mistralConversations,
  mistralOcr,
  webSearch,
  parallelTasks,
  videos,
  ollama,
  anthropicComplete,
  anthropicCountTokens,
  openaiCompletions,
  openaiEmbeddings,
  openaiImages,
  openaiAudio,
  openaiModerations,
  elevenlabs,
  deepgram,
  cartesia,
  fal,
  replicate,
  workersAi,
  huggingface,
  bedrockConverse,
  bedrockInvoke,
  bedrockCountTokens,
  bedrockGuardrail,
  cohereChat,
  cohereGenerate,
  cohereChatV1,
  cohereEmbed,
  rerank,
  cohereClassify,
  cohereTokenize,
];
