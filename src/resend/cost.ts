import type { Log } from "../source/log.ts";

/** The properties of a request that determine its cost. */
type Sized = { text: string; model: string | undefined };

/**
 * Estimates a request's cost in dollars: the recorded cost, with the input scaled by the change in length. Returns
 * undefined without a basis: no recorded cost (absent, or 0 for own keys), a cached answer or an error, or another
 * model.
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
