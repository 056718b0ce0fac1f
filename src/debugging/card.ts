import type { SourceOf } from "../account/signed-in.ts";
import * as vscode from "vscode";
import type { Conversation, Message, Part } from "../chat/conversation.ts";
import type { Log, LogRef } from "../source/log.ts";
import type { Bodies } from "../reading/bodies.ts";
import { oneLine, outcomeOf, type Format } from "../logs/format.ts";
import { unpackConversation } from "../reading/core/packed.ts";
import type { Read } from "../reading/core/reader.ts";
import { appendWords } from "../words/recorded.ts";
import { OUTCOME_ICONS } from "../words/log-row.ts";
import { summaryOf } from "./summary.ts";

export type CardNeeds = {
  sourceOf: SourceOf;
  bodies: Bodies;
  read: Read;
  format: Format;
  /** IDs of the available commands of this extension. */
  commands: readonly string[];
};

/** Maximum lines and characters of a message on a card. */
const MOST_LINES = 6;
const MOST_TEXT = 400;

/** Commands on a card, with the log as their argument. */
const actions = (): [command: string, title: string, icon?: string][] => [
  ["aiGateway.openLog", vscode.l10n.t("Open")],
  ["aiGateway.comparePrevious", vscode.l10n.t("Compare with Previous")],
  ["aiGateway.rateUp", vscode.l10n.t("Rate Up"), "$(thumbsup)"],
  ["aiGateway.rateDown", vscode.l10n.t("Rate Down"), "$(thumbsdown)"],
];

function textOfPart(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "toolCall":
      return `${part.name}(${typeof part.arguments === "string" ? part.arguments : JSON.stringify(part.arguments)})`;
    case "media":
      return `[${part.name ?? part.mimeType ?? part.media}]`;
    default:
      return "";
  }
}

/** Returns the beginning of a message. */
function beginningOf({ parts }: Pick<Message, "parts">): string {
  const whole = parts.map(textOfPart).filter(Boolean).join("\n");
  const lines = whole
    .slice(0, MOST_TEXT)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const shown = lines.slice(0, MOST_LINES).map((line) => oneLine(line, MOST_TEXT));
  const isCut = whole.length > MOST_TEXT || lines.length > MOST_LINES;
  return shown.join("\n") + (isCut ? " …" : "");
}

/** Returns a command URI with an argument, for a link. */
const commandAddress = (command: string, argument: unknown): string =>
  // A parenthesis would end the link.
  `command:${command}?${encodeURIComponent(JSON.stringify([argument]))
    .replaceAll("(", "%28")
    .replaceAll(")", "%29")}`;

/** Returns a card that offers to look up the log of a possible ID. Only a click sends the ID anywhere. */
export function offerCard(id: string): vscode.MarkdownString {
  const command = "aiGateway.openLogOf";
  const card = new vscode.MarkdownString(`[${vscode.l10n.t("Look Up in AI Gateway")}](${commandAddress(command, id)})`);
  card.isTrusted = { enabledCommands: [command] };
  return card;
}

/** Appends a quoted text below a title, as plain text. */
function tell(card: vscode.MarkdownString, title: string, text: string): void {
  if (text === "") return;
  card.appendMarkdown(`\n\n**${title}**`);
  for (const line of text.split("\n")) appendWords(card.appendMarkdown("  \n"), line.trim());
}

/** Returns a card: a log in a few lines, with actions. Only commands of this extension can run from it. */
function cardOf(
  ref: LogRef,
  log: Log,
  conversation: Conversation | undefined,
  needs: Pick<CardNeeds, "format" | "commands">,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const card = new vscode.MarkdownString(undefined, true);
  const offered = actions().filter(([command]) => needs.commands.includes(command));
  card.isTrusted = { enabledCommands: offered.map(([command]) => command) };
  appendWords(card.appendMarkdown(`$(${OUTCOME_ICONS[outcomeOf(log)].id}) `), summaryOf(log, needs.format));
  if (conversation) {
    const { messages, answers, error } = conversation;
    const asked = messages.findLast(({ role }) => role === "user");
    if (asked) tell(card, t("Asked"), beginningOf(asked));
    const [answer] = answers;
    if (answer) tell(card, t("Answered"), beginningOf(answer));
    if (error) tell(card, t("Failed"), oneLine(error.message, MOST_TEXT));
  }
  const links = offered.map(
    ([command, title, icon = title]) => `[${icon}](${commandAddress(command, ref)} "${title}")`,
  );
  card.appendMarkdown(`\n\n${links.join(" · ")}`);
  return card;
}

/** Reads the part of a log that a card shows: its row and the heads of its bodies, with one call for a small log. */
export async function readCard(
  ref: LogRef,
  log: Log,
  needs: CardNeeds,
  signal: AbortSignal,
): Promise<vscode.MarkdownString> {
  const source = await needs.sourceOf(ref);
  if (!source) return cardOf(ref, log, undefined, needs);
  const { readLog } = await import("../reading/content.ts");
  for await (const { log: detail, conversation } of readLog(ref, { ...needs, source, looks: [] }, signal))
    return cardOf(ref, detail, unpackConversation(conversation.packed), needs);
  return cardOf(ref, log, undefined, needs);
}
