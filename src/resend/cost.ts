import type { Log } from "../cloudflare/schema.ts";

/** A request as far as its cost depends on it. */
type Sized = { text: string; model: string | undefined };

/**
 * What a request may cost in dollars: what the recorded one did, its input scaled by how much more or less is sent. Undefined where that
 * says nothing: no cost was recorded (absent, or 0 for keys of one's own), the answer came from the cache or was an error, or the
 * model is another.
 */
export function estimatedCost(
  log: Pick<Log, "costUsd" | "success" | "cached" | "tokensIn" | "tokensOut">,
  recorded: Sized,
  sent: Sized,
): number | undefined {
  const { costUsd, success, cached, tokensIn, tokensOut = 0 } = log;
  if (!costUsd || !success || cached || sent.model !== recorded.model || recorded.text === "") return undefined;
  const scale = sent.text.length / recorded.text.length;
  const share = tokensIn === undefined || tokensIn + tokensOut === 0 ? 1 : tokensIn / (tokensIn + tokensOut);
  return costUsd * (1 - share + share * scale);
}
