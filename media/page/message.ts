import { html, nothing, type TemplateResult } from "lit";
import type { Message, Part } from "../../src/chat/conversation.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { visible } from "./visible.ts";

/** Kinds of picture that a browser shows from bytes without running anything. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The finish reasons of an answer that simply ended. */
const NORMAL = new Set(["stop", "end_turn", "stop_sequence", "tool_calls", "tool_use", "STOP", "completed"]);

/** A value as JSON text, readable and to be copied as it is. */
export function jsonTemplate(value: unknown): TemplateResult {
  const text = typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "");
  return html`<pre class="json" dir="auto">${visible(text)}</pre>`;
}

const textTemplate = (text: string): TemplateResult => html`<div class="text" dir="auto">${visible(text)}</div>`;

function mediaTemplate(part: Extract<Part, { type: "media" }>, strings: PageStrings): TemplateResult {
  const { media, mimeType, data, url, name } = part;
  if (data && mimeType && PICTURES.has(mimeType)) {
    return html`<img class="picture" src="data:${mimeType};base64,${data}" alt=${visible(name ?? media)} />`;
  }
  const what = [mimeType, name, url].filter(Boolean).join(" · ") || "–";
  return html`<p class="name">${strings.media.replace("{0}", media).replace("{1}", () => visible(what))}</p>`;
}

function partTemplate(part: Part, strings: PageStrings): TemplateResult {
  switch (part.type) {
    case "text":
      return textTemplate(part.text);
    case "reasoning":
      return html`<details class="fold">
        <summary>${strings.reasoning}</summary>
        ${textTemplate(part.redacted ? strings.redacted : part.text)}
      </details>`;
    case "refusal":
      return html`<div class="refusal"><span class="label">${strings.refusal}</span>${textTemplate(part.text)}</div>`;
    case "toolCall":
      return html`<div class="tool">
        <div class="tool-head"><b>${visible(part.name)}</b> <span class="name">${visible(part.id ?? "")}</span></div>
        ${jsonTemplate(part.arguments)}
      </div>`;
    case "toolResult":
      return html`<div class="tool ${part.isError ? "failed-tool" : ""}">
        <div class="tool-head">
          → ${visible(part.name ?? "")}
          <span class="name">${visible(part.id ?? "")} ${part.isError ? strings.toolFailed : nothing}</span>
        </div>
        ${part.parts.map((inner) => partTemplate(inner, strings))}
      </div>`;
    case "media":
      return mediaTemplate(part, strings);
    case "embedding":
      return jsonTemplate(part.values);
    case "data":
    case "unknown":
      return jsonTemplate(part.value);
  }
}

/** One message: its role in colour, then its parts. */
export function messageTemplate(message: Message, strings: PageStrings): TemplateResult {
  const { role, name, parts, finishReason } = message;
  return html`<article class="message ${role}">
    <div class="role">${strings[role]}${name ? html` <bdi class="name">${visible(name)}</bdi>` : nothing}</div>
    <div class="parts">
      ${parts.length > 0 ? parts.map((part) => partTemplate(part, strings)) : html`<p class="name">${strings.emptyMessage}</p>`}
      ${
        finishReason
          ? html`<p class=${NORMAL.has(finishReason) ? "name" : "finish"}>
              ${strings.finished.replace("{0}", () => visible(finishReason))}
            </p>`
          : nothing
      }
    </div>
  </article>`;
}
