import type { RecordedExchange } from "../chat/conversation.ts";
import { readConversation } from "../chat/read.ts";
import { type Bounded, bounded } from "./bounded.ts";

/** What an exchange says, as much of it as a page can show. */
export function readBounded(exchange: RecordedExchange): Bounded {
  return bounded(readConversation(exchange));
}
