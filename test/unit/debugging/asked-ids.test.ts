import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { Lookup } from "../../../src/debugging/core/lookup.ts";
import { mayGuess } from "../../../src/debugging/core/lookup-permission.ts";
import { Run } from "../../../src/debugging/core/run.ts";
import { Tracker } from "../../../src/debugging/core/tracker.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import { SAMPLE_ACCOUNT_ID } from "../../../src/local/samples/account.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";
import { ACCOUNT, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const logIds = new LogIds(NAMES.logIds);

/*
 * Which ids leave this machine: random programs and files, in all the circumstances that matter, against local gateways that count what
 * they are asked for.
 */

const WORLDS = 150;
const SAMPLE: CollectionRef = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: "sample" };

/** Kinds of texts that look like IDs: by name, without a name, or a secret by name. */
type Kind = "named" | "bare" | "secret";
type Item = { id: string; kind: Kind; text: string };

const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => random.pick("0123456789abcdef".split(""))).join("");
const uuid = (random: Random): string => [8, 4, 4, 4, 12].map((length) => hex(random, length)).join("-");
const ulid = (random: Random): string =>
  `0${Array.from({ length: 25 }, () => random.pick("0123456789ABCDEFGHJKMNPQRSTVWXYZ".split(""))).join("")}`;

const FORMS: Readonly<Record<Kind, readonly ((id: string) => string)[]>> = {
  named: [
    (id) => `cf-aig-log-id: ${id}`,
    (id) => `< CF-AIG-Event-ID: ${id}`,
    (id) => `{ 'cf-aig-log-id': '${id}' }`,
    (id) => `{"name":"cf-aig-request-id","value":"${id}"}`,
    (id) => `env.AI.aiGatewayLogId = "${id}"`,
  ],
  bare: [
    (id) => id,
    (id) => `called, id ${id}, took 842 ms`,
    (id) => `{ id: '${id}', usage: { prompt_tokens: 9, completion_tokens: 12 } }`,
    (id) => `226 tokens, ${id}`,
    (id) => `{"logId":"${id}","step":0}`,
    (id) => `request ${id} is done`,
    (id) => `/orders?token=abcdefgh1&id=${id}`,
  ],
  secret: [
    (id) => `TOGETHER_API_KEY=${id}`,
    (id) => `export WALLET_PRIVATE_KEY="${id}"`,
    (id) => `EXA_KEY: ${id}`,
    (id) => `SESSION=${id}`,
    (id) => `const apiKey: string = "${id}";`,
    (id) => `const WALLET_PRIVATE_KEY =\n      "${id}";`,
    (id) => `X-Postmark-Server-Token: ${id}`,
    (id) => `Authorization: Bearer ${id}`,
    (id) => `cookie: theme=dark; sid=${id}`,
    (id) => `{"name":"x-api-key","value":"${id}"}`,
    (id) => `["authorization","${id}"]`,
    (id) => `{ password: '${id}' }`,
    (id) => `<password>${id}</password>`,
    (id) => `<api-key>\n  ${id}\n</api-key>`,
    (id) => `client_secret: |\n  ${id}`,
    (id) => `postgres://app:${id}@db.test/app`,
    (id) => `GET /v1?access_token=${id}`,
    (id) => `mysql --password ${id}`,
    (id) => `| SESSION_ID | ${id} |`,
    (id) => `the API key is ${id}`,
  ],
};

function itemsOf(random: Random): Item[] {
  const kinds: Kind[] = random.pick([["secret"], ["bare", "secret"], ["named", "bare", "secret"], ["named"]]);
  return Array.from({ length: random.between(1, 6) }, () => {
    const kind = random.pick(kinds);
    const id = random.pick([uuid, ulid, (by: Random) => hex(by, 64)])(random);
    return { id, kind, text: random.pick(FORMS[kind])(id) };
  });
}

/** In what circumstances ids are seen. */
type Scene = {
  items: Item[];
  /** Printed by a debugged program, shown as its variables, or pointed at in a file. */
  where: "output" | "variables" | "file";
  isTrusted: boolean;
  isCalled: boolean;
  hasSample: boolean;
};

function sceneOf(seed: number): { scene: Scene; random: Random } {
  const random = new Random(seed);
  const even = (): boolean => random.chance(0.5);
  const scene = {
    items: itemsOf(random),
    where: random.pick(["output", "output", "variables", "file"] as const),
    isTrusted: even(),
    isCalled: even(),
    hasSample: even(),
  };
  return { scene, random };
}

/** The IDs that may be sent to an account's gateways, according to README. */
function allowed({ items, where, isTrusted, isCalled }: Scene): { online: string[]; sample: string[] } {
  const ids = (...kinds: Kind[]) => items.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const callsGateway = isCalled || (where !== "file" && ids("named").length > 0);
  return { online: isTrusted && callsGateway ? ids("named", "bare") : ids("named"), sample: ids("named", "bare") };
}

describe("the ids that are asked for", () => {
  let online: TestGateway;
  let sample: TestGateway;
  let sources: { online: CloudflareSource; sample: CloudflareSource };
  /** The log channel's trace lines. */
  const traced: string[] = [];

  const sourceOf = ({ baseUrl, token }: TestGateway, accountId: string) => {
    const trace = (line: string) => void traced.push(line);
    return cloudflareSource(new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), trace }), accountId);
  };

  before(async () => {
    [online, sample] = await Promise.all([startTestGateway(), startTestGateway()]);
    sample.store.addAccount({ id: SAMPLE_ACCOUNT_ID, name: "Sample", createdOn: new Date(0) });
    sample.store.addGateway({ sourceId: SAMPLE_ACCOUNT_ID, id: SAMPLE.collectionId, createdAt: new Date(0) });
  });

  after(() => Promise.all([online.close(), sample.close()]));

  /** Returns the requests to a gateway since the last time. */
  const asked = (gateway: TestGateway): string[] => {
    const ids = gateway.takeCalls().flatMap((call) => {
      const filters = new URL(call, "http://x").searchParams.get("filters") ?? "[]";
      return (JSON.parse(filters) as { value: string[] }[]).flatMap(({ value }) => value);
    });
    return [...new Set(ids)].sort();
  };

  /** Lets a scene happen, and a minute pass after it. */
  async function play({ items, where, isTrusted, isCalled, hasSample }: Scene, random: Random): Promise<void> {
    const run = new Run("1", "Launch", new Date(0));
    const pending = new Set<Promise<unknown>>();
    let now = 0;
    let timer: { at: number; run: () => void } | undefined;
    const lookup = new Lookup({
      list: (gateway, query, signal) => {
        const source = gateway === SAMPLE ? sources.sample : sources.online;
        const call = source.list(gateway, query, undefined, { signal });
        pending.add(call);
        return call.finally(() => pending.delete(call));
      },
      gateways: () =>
        Promise.resolve({
          used: isCalled ? [GATEWAY] : [],
          others: [...(isCalled ? [] : [GATEWAY]), ...(hasSample ? [SAMPLE] : [])],
        }),
      samples: () => Promise.resolve(hasSample ? [SAMPLE] : []),
      guesses: () => Promise.resolve(mayGuess({ isTrusted, isCalled, runs: [run] })),
      found: () => assert.fail("none of them is a log"),
      changed: () => undefined,
      now: () => now,
      after: (ms, act) => {
        const mine = { at: now + ms, run: act };
        timer = mine;
        return { dispose: () => void (timer === mine && (timer = undefined)) };
      },
    });
    const settle = async (): Promise<void> => {
      do {
        await Promise.allSettled(pending);
        for (let turn = 0; turn < 8; turn++) await setImmediate();
      } while (pending.size > 0);
    };
    const tracker = new Tracker(logIds, {
      ids: (seen) => {
        for (const one of seen) {
          lookup.want(one);
          const state = lookup.state(one.id);
          if (state) run.see(one, state);
        }
      },
      stopped: () => undefined,
    });
    const text = items.map((item) => item.text).join("\n");
    if (where === "output") {
      // Cut anywhere, as programs and pipes do.
      for (let at = 0; at < text.length;) {
        const next = at + random.between(1, 120);
        tracker.onDidSendMessage({ type: "event", event: "output", body: { output: text.slice(at, next) } });
        at = next;
      }
      tracker.onExit();
    } else if (where === "variables") {
      const variables = items.map((item, index) => ({ name: `item${index}`, value: item.text }));
      tracker.onDidSendMessage({ type: "response", command: "variables", body: { variables } });
    } else {
      for (const { id, sure } of logIds.locate(text)) {
        const found = lookup.find(id, new AbortController().signal, sure);
        found.catch(() => undefined);
      }
    }
    for (; timer && now < 120_000; await settle()) {
      const { at, run: act } = timer;
      timer = undefined;
      now = Math.max(now, at);
      act();
    }
    lookup.dispose();
  }

  it(`of ${WORLDS} random programs and files are those that may be, no more and no fewer`, async () => {
    const reached = { online: 0, sample: 0, withheld: 0 };
    for (let seed = 1; seed <= WORLDS; seed++) {
      const { scene, random } = sceneOf(seed);
      // A client makes 1,200 calls in five minutes; a local gateway remembers a thousand.
      if (seed % 50 === 1) sources = { online: sourceOf(online, ACCOUNT), sample: sourceOf(sample, SAMPLE_ACCOUNT_ID) };
      await play(scene, random);
      const may = allowed(scene);
      const here = `seed ${seed}: ${JSON.stringify(scene)}`;
      assert.deepEqual(asked(online), may.online.toSorted(), here);
      assert.deepEqual(asked(sample), scene.hasSample ? may.sample.toSorted() : [], here);
      const lines = traced.splice(0).join("\n");
      for (const { id } of scene.items)
        assert.equal(lines.includes(id), may.online.includes(id) || (scene.hasSample && may.sample.includes(id)), here);
      reached.online += may.online.length;
      reached.sample += scene.hasSample ? may.sample.length : 0;
      reached.withheld += scene.items.length - may.online.length;
    }
    assert.ok(
      Object.values(reached).every((count) => count > WORLDS / 2),
      JSON.stringify(reached),
    );
  });
});
