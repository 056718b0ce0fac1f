import { beginningOf, type Beginning } from "../../chat/beginning.ts";
import { bodyTextOf } from "../../chat/body/body-bytes.ts";
import { comparableBody } from "../../chat/comparable.ts";
import type { RecordedExchange, Usage } from "../../chat/conversation.ts";
import { copied, copyForms, type Copied, type CopyForm } from "../../chat/copy.ts";
import { toMarkdown } from "../../chat/markdown.ts";
import { readConversation } from "../../chat/read.ts";
import type { RecordedCall } from "../../chat/snippets/call.ts";
import { bodyText } from "../../source/body-text.ts";
import type { Side } from "../../source/log.ts";
import { layOut } from "./layout.ts";
import { bounded } from "./bounded.ts";
import { pack, packConversation, type Packed, type PackedConversation } from "./packed.ts";
import type { RawBody } from "./body-state.ts";

/** Characters of a text that a page can show at once. */
const SHOWN = 2_000_000;

/** Jobs on recorded bodies, with input and result. All can run in another thread. */
export type Jobs = {
  /** As much of an exchange's conversation as a page can show. */
  conversation: { takes: RecordedExchange; gives: PackedConversation };
  /** The conversation as a Markdown document. */
  markdown: { takes: RecordedExchange; gives: string };
  /** The same, as much as a page can show. */
  shownMarkdown: { takes: RecordedExchange; gives: Packed<RawBody> };
  /** A formatted body, as much as a page can show; undefined if it isn't text. */
  shownBody: { takes: string | Uint8Array; gives: Packed<RawBody> | undefined };
  /** A body as its document's bytes: formatted if it's text. */
  document: { takes: string | Uint8Array; gives: Uint8Array };
  /** A side as bytes of a document for comparison; undefined if nothing is stored. */
  comparedRequest: { takes: RecordedExchange; gives: Uint8Array | undefined };
  comparedResponse: { takes: RecordedExchange; gives: Uint8Array | undefined };
  /** How the conversation begins. */
  beginning: { takes: RecordedExchange; gives: Beginning };
  /** The tokens that the answer counts; undefined if it has none. */
  usage: { takes: RecordedExchange; gives: Usage | undefined };
  /** The forms in which a log can be copied. */
  copyForms: { takes: RecordedCall; gives: CopyForm[] };
  /** A log in one of these forms; undefined without it. */
  copy: { takes: RecordedCall & { form: CopyForm }; gives: Copied | undefined };
};

export type JobName = keyof Jobs;

function shown(text: string): Packed<RawBody> {
  return pack(text.length > SHOWN ? { text: text.slice(0, SHOWN), cut: true } : { text, cut: false });
}

const textIn = (body: RecordedExchange[Side], contentType: string | undefined) =>
  body instanceof Uint8Array ? bodyText(contentType, body) : body;

/** Reads an exchange, decoding large bodies that come as bytes. */
const reading =
  <Exchange extends RecordedExchange, Given>(read: (exchange: Exchange) => Given) =>
  (exchange: Exchange): Given => {
    return read({
      ...exchange,
      request: textIn(exchange.request, exchange.requestContentType),
      response: textIn(exchange.response, exchange.responseContentType),
    });
  };

const markdown = reading((exchange): string => toMarkdown(readConversation(exchange)));

/** Returns a body as its document's bytes. */
function documentOf(body: string | Uint8Array): Uint8Array {
  const text = bodyTextOf(body);
  // A body that isn't text came as bytes.
  return text === undefined ? (body as Uint8Array) : new TextEncoder().encode(layOut(text));
}

const compared = (side: Side) =>
  reading((exchange: RecordedExchange): Uint8Array | undefined => {
    const text = comparableBody(side, exchange);
    if (text !== undefined) return new TextEncoder().encode(text);
    const body = exchange[side];
    return body === null ? undefined : documentOf(body);
  });

const JOBS: { [Name in JobName]: (input: Jobs[Name]["takes"]) => Jobs[Name]["gives"] } = {
  conversation: reading((exchange) => packConversation(bounded(readConversation(exchange)))),
  markdown,
  shownMarkdown: (exchange) => shown(markdown(exchange)),
  shownBody: (body) => {
    const text = bodyTextOf(body);
    return text === undefined ? undefined : shown(layOut(text));
  },
  document: documentOf,
  comparedRequest: compared("request"),
  comparedResponse: compared("response"),
  beginning: reading((exchange) => beginningOf(readConversation(exchange))),
  usage: reading((exchange) => readConversation(exchange).usage),
  copyForms: reading(copyForms),
  copy: reading((recorded) => copied(recorded.form, recorded)),
};

/** Runs a job in this thread. */
export function runJob<Name extends JobName>(name: Name, input: Jobs[Name]["takes"]): Jobs[Name]["gives"] {
  return JOBS[name](input);
}
