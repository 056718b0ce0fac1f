import { ANTHROPIC, anyFailure, dlpBlock, type Failure, GOOGLE, guardrailBlock, OPENAI } from "./failures.ts";
import { wheelPicture } from "./picture.ts";
import type { Random } from "./random.ts";
import { type Draft, embeddingScene, type OfferName, scene, type Stored } from "./scenes.ts";
import {
  classify,
  codeReview,
  longConversation,
  longText,
  pictured,
  reasoned,
  shopQuestion,
  shopWithTools,
  sql,
  summary,
  translation,
} from "./talks.ts";

type Special = (random: Random, at: Date) => Draft[];

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000);

function tags(random: Random): Draft["metadata"] {
  return {
    app: random.pick(["shop-assistant", "shop-assistant", "workshop-planner", "back-office"]),
    env: random.pick(["production", "production", "production", "staging"]),
    customer: random.between(1000, 1060),
    ...(random.chance(0.3) && { trial: random.chance(0.5) }),
  };
}

/** Returns the steps of a request with fallbacks: one event, steps from 0 (API notes: Events and steps). */
function fallback(legs: OfferName[]): Special {
  return (random, at) => {
    const talk = shopQuestion(random);
    const eventId = `evt_${random.letters(22)}`;
    const metadata = { app: "shop-assistant", env: "production" };
    return legs.map((name, step) => {
      const failed = step < legs.length - 1;
      const failure = name === "anthropic" ? ANTHROPIC.overloaded : failureOf(name, random);
      return scene(random, later(at, step * 1.4 - 4), name, talk, {
        eventId,
        step,
        metadata,
        ...(failed && { failure }),
      });
    });
  };
}

/** A whole tool conversation, with a log for each request, ending at `at`. */
function toolConversation(name: OfferName, streamed: boolean, stored: Stored = "assembled"): Special {
  return (random, at) => {
    const metadata = { app: "shop-assistant", session: `s-${random.letters(8).toLowerCase()}` };
    const steps = shopWithTools(random);
    return steps.map((talk, index) =>
      scene(random, later(at, (index - steps.length) * 9), name, talk, { streamed, stored, metadata, model: 0 }),
    );
  };
}

const one =
  (make: (random: Random, at: Date) => Draft): Special =>
  (random, at) => [make(random, at)];

/** Logs that occur at least once, the most instructive first. */
export const SPECIALS: Special[] = [
  toolConversation("openai", true),
  one((random, at) => scene(random, at, "anthropic", codeReview(random), { streamed: true, model: 0, feedback: 1 })),
  fallback(["anthropic", "openai", "groq"]),
  one((random, at) => scene(random, at, "google", pictured(wheelPicture()), { model: 0 })),
  one((random, at) => scene(random, at, "openai", shopQuestion(random), { failure: OPENAI.rateLimited })),
  one((random, at) => scene(random, at, "openai", translation(0), { streamed: true, stored: "events" })),
  one((random, at) => scene(random, at, "openai", classify(random), { failure: dlpBlock("request") })),
  one((random, at) => scene(random, at, "deepseek", reasoned(random), { streamed: true, model: 1 })),
  toolConversation("anthropic", true, "events"),
  one((random, at) => scene(random, at, "openaiResponses", reasoned(random), { streamed: true, stored: "events" })),
  one((random, at) => scene(random, at, "anthropic", translation(1), { streamed: true })),
  one((random, at) => {
    const { request: _request, response: _response, ...bare } = scene(random, at, "openai", summary(random));
    return bare;
  }),
  one((random, at) => scene(random, at, "openai", longConversation(60, random), { streamed: true, model: 0 })),
  one((random, at) => scene(random, at, "anthropic", longText(200_000, random), { model: 0 })),
  one((random, at) => scene(random, at, "google", translation(2), { streamed: true, stored: "events" })),
  one((random, at) => scene(random, at, "openai", summary(random), { failure: dlpBlock("response") })),
  one((random, at) => scene(random, at, "openai", pictured(wheelPicture(64)), { streamed: true, stored: "message" })),
  one((random, at) => scene(random, at, "workersAi", translation(3), { streamed: true, stored: "events" })),
  one((random, at) => scene(random, at, "anthropic", longText(1000, random), { failure: ANTHROPIC.tooLong })),
  fallback(["openai", "azure"]),
  one((random, at) => scene(random, at, "groq", translation(7), { streamed: true })),
  one((random, at) => scene(random, at, "mistral", sql(random), { streamed: true, stored: "wrapped", model: 1 })),
  one((random, at) => scene(random, at, "openai", shopQuestion(random), { streamed: true, stored: "empty" })),
  one((random, at) => scene(random, at, "anthropic", pictured(wheelPicture()), { feedback: -1, score: 20 })),
  one((random, at) => scene(random, at, "openai", classify(random), { failure: guardrailBlock() })),
  toolConversation("google", false),
  one((random, at) => scene(random, at, "workersAi", summary(random), { streamed: true })),
  one((random, at) => scene(random, at, "azure", shopQuestion(random), { failure: OPENAI.unauthorized })),
  one((random, at) => scene(random, at, "openai", longText(4000, random), { failure: OPENAI.tooLong })),
  fallback(["google", "mistral", "workersAi"]),
  one((random, at) => scene(random, at, "openaiResponses", reasoned(random), { streamed: false, dlpAction: "FLAG" })),
  one((random, at) => scene(random, at, "anthropic", reasoned(random), { model: 0, customCost: true, cost: 0.002 })),
  one((random, at) => scene(random, at, "google", reasoned(random), { model: 1 })),
  one((random, at) => scene(random, at, "groq", translation(4), {})),
  one((random, at) => scene(random, at, "deepseek", translation(5), { streamed: true, model: 0 })),
  one((random, at) => scene(random, at, "mistral", translation(6), { model: 0 })),
  one((random, at) => scene(random, at, "anthropic", shopQuestion(random), { failure: ANTHROPIC.unauthorized })),
  one((random, at) => scene(random, at, "deepseek", shopQuestion(random), { failure: OPENAI.broken })),
];

/** A failure in the provider's words. */
function failureOf(name: OfferName, random: Random): Failure {
  if (name === "anthropic") return random.pick([ANTHROPIC.overloaded, ANTHROPIC.unauthorized, ANTHROPIC.tooLong]);
  return name === "google" ? GOOGLE.exhausted : anyFailure(random);
}

/** Everyday requests of a shop's programs, with some cache hits, failures and ratings. */
export function everyday(random: Random, at: Date): Draft[] {
  if (random.chance(0.06)) return [embeddingScene(random, at)];
  const [name, talk] = random.pick([
    () => ["openai", shopQuestion(random)] as const,
    () => ["openai", classify(random)] as const,
    () => ["anthropic", codeReview(random)] as const,
    () => ["anthropic", shopQuestion(random)] as const,
    () => ["google", summary(random)] as const,
    () => ["workersAi", summary(random)] as const,
    () => ["mistral", sql(random)] as const,
    () => ["groq", classify(random)] as const,
    () => ["deepseek", sql(random)] as const,
    () => ["azure", shopQuestion(random)] as const,
    () => ["openaiResponses", reasoned(random)] as const,
    () => ["openai", translation(random.between(0, 7))] as const,
  ])();
  const metadata = random.chance(0.8) ? tags(random) : undefined;
  const rating = random.chance(0.08) ? { feedback: random.pick([1, 1, 1, -1]) } : {};
  const streamed = random.chance(0.4) && {
    streamed: true,
    stored: random.pick(["assembled", "assembled", "events"] as const),
  };
  const extra = { ...(metadata && { metadata }), ...rating, ...streamed };
  if (random.chance(0.05)) return [scene(random, at, name, talk, { ...extra, failure: failureOf(name, random) })];
  if (random.chance(0.1)) {
    return [
      scene(random, at, name, talk, { ...extra, cached: true, cost: 0, durationMs: random.between(8, 40), step: 0 }),
    ];
  }
  return [scene(random, at, name, talk, extra)];
}
