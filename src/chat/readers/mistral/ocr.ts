import type { Part } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  parseJson,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { contentParts } from "../openai/chat-parts.ts";

const REQUEST_KEYS = new Set(["document", "model"]);
const ENVELOPE_KEYS = new Set(["pages", "document_annotation", "model"]);
const PAGE_KEYS = new Set(["markdown", "images"]);
const IMAGE_KEYS = new Set(["id", "image_base64"]);

/** Mistral's OCR: a document in, the Markdown of its pages out (its OpenAPI, `OCRResponse`). */
export const mistralOcr: Reader = {
  format: "mistral-ocr",

  serves(_provider, path) {
    return /(?:^|\/)ocr\/?$/.test(path);
  },

  fitsRequest({ document }, expected) {
    return expected && isRecord(document);
  },

  readRequest(body) {
    return {
      messages: [{ role: "user", parts: contentParts([body.document]) }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }) {
    const pages = listOf(recordOf(value)?.pages);
    return pages.length > 0 && pages.every((page) => isRecord(page) && typeof page.markdown === "string");
  },

  readResponse({ value, cut }) {
    const body = recordOf(value) ?? {};
    const annotation = body.document_annotation;
    const found = typeof annotation === "string" ? (parseJson(annotation) ?? annotation) : annotation;
    return {
      answers: [
        {
          role: "assistant",
          parts: [
            ...listOf(body.pages).flatMap(pageParts),
            ...(isEmpty(found) ? [] : [{ type: "data" as const, value: found }]),
          ],
        },
      ],
      complete: !cut,
      ...present({ model: textOf(body.model), envelope: restOf(body, ENVELOPE_KEYS) }),
    };
  },
};

function pageParts(value: unknown): Part[] {
  const page = recordOf(value) ?? {};
  const images = listOf(page.images);
  // Positions of pictures without bytes are listed with the page.
  const bare = images.filter((image) => pictureOf(image) === undefined);
  const details = { ...restOf(page, PAGE_KEYS), ...(bare.length === 0 ? {} : { images: bare }) };
  return [
    { type: "text", text: textOf(page.markdown) ?? "", ...(isEmpty(details) ? {} : { details }) },
    ...images.map(pictureOf).filter((part) => part !== undefined),
  ];
}

function pictureOf(value: unknown): Part | undefined {
  const image: JsonRecord = recordOf(value) ?? {};
  const medium = mediumOf(image.image_base64, "image");
  return medium && { ...medium, ...present({ name: textOf(image.id), details: restOf(image, IMAGE_KEYS) }) };
}
