import type { Random } from "../../../src/local/samples/random.ts";

/** A call as it must be read from any stream. */
export type Call = { id: string; name: string; arguments: Record<string, unknown> };

/** A piece of a call in a chunk's `delta.tool_calls`. */
type Piece = {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string; arguments?: unknown };
};

/** The `tool_calls` of each chunk. */
type Chunks = Piece[][];

/** A server's way of cutting calls; `hasIds` is false if it has no IDs, or unreliable ones. */
type Style = {
  hasIds: boolean;
  /** The style can't distinguish two equal consecutive calls from a repeated one. */
  isBlind?: boolean;
  cut: (calls: Call[], random: Random) => Chunks;
};

const NAMES = ["read", "write", "read_file", "run"];
const WORDS = ["", "a", "ls -l", "}{", '{"a":1}', 'say "hi"', "\\", "\n\t", "één", "👩‍🚀", "null", "  {"];

/** Returns one to four calls, often of one tool, with arguments that may look like other calls' beginnings or ends. */
export function randomCalls(random: Random): Call[] {
  const names = random.chance(0.5) ? [random.pick(NAMES)] : NAMES;
  return Array.from({ length: random.between(1, 4) }, (_, index) => ({
    id: `call_${index}_${random.between(0, 1e6)}`,
    name: random.pick(names),
    arguments: randomObject(random, random.between(1, 2)),
  }));
}

function randomObject(random: Random, depth: number): Record<string, unknown> {
  const count = random.between(depth === 0 ? 0 : 1, 2);
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${random.pick(["q", "path", "{"])}${at}`, randomValue(random, depth)]),
  );
}

function randomValue(random: Random, depth: number): unknown {
  const kinds = depth === 0 ? 3 : 5;
  switch (random.between(0, kinds - 1)) {
    case 0:
      return random.pick(WORDS);
    case 1:
      return random.between(-9, 1e6);
    case 2:
      return random.pick([true, false, null]);
    case 3:
      return randomObject(random, depth - 1);
    default:
      return Array.from({ length: random.between(0, 3) }, () => randomValue(random, depth - 1));
  }
}

/** JSON in nonempty pieces, sometimes single characters. */
function piecesOf(value: unknown, random: Random): string[] {
  const text = JSON.stringify(value);
  const longest = random.chance(0.3) ? 1 : 12;
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + random.between(1, longest);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The pieces, the first possibly alone with the call's name. */
function headed(call: Call, random: Random): string[] {
  const pieces = piecesOf(call.arguments, random);
  return random.chance(0.5) ? ["", ...pieces] : pieces;
}

const sofar = (pieces: string[]): string[] => pieces.map((_, at) => pieces.slice(0, at + 1).join(""));
const named = (call: Call, said: unknown, rest: Piece = {}): Piece => ({
  ...rest,
  function: { name: call.name, arguments: said },
});
const nameless = (said: unknown, rest: Piece = {}): Piece => ({ ...rest, function: { arguments: said } });
const alone = (pieces: Piece[]): Chunks => pieces.map((piece) => [piece]);

/** Chunks of several calls, mixed, but in each call's order. */
function mixed(lists: Piece[][], random: Random): Chunks {
  const open = lists.filter((list) => list.length > 0).map((list) => [...list]);
  // The calls begin in their order.
  const chunks = open.map((list) => list.splice(0, 1));
  for (
    let left = open.filter((list) => list.length > 0);
    left.length > 0;
    left = left.filter((list) => list.length > 0)
  )
    chunks.push(random.pick(left).splice(0, 1));
  return chunks;
}

/** Each call cut by itself, the calls one after the other. */
const inTurn =
  (cut: (call: Call, random: Random, index: number) => Piece[]) =>
  (calls: Call[], random: Random): Chunks =>
    alone(calls.flatMap((call, index) => cut(call, random, index)));

/** A call as OpenAI cuts it: the whole head with the first piece, the index with each. */
function standard(call: Call, random: Random, index: number): Piece[] {
  return headed(call, random).map((said, at) =>
    at === 0 ? named(call, said, { index, id: call.id, type: "function" }) : nameless(said, { index }),
  );
}

export const STYLES: Record<string, Style> = {
  "by index, mixed": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) => standard(call, random, index)),
        random,
      ),
  },
  "whole, all in one chunk": {
    hasIds: true,
    cut: (calls) => [calls.map((call, index) => named(call, JSON.stringify(call.arguments), { index, id: call.id }))],
  },
  "without an index": {
    hasIds: true,
    cut: inTurn((call, random) =>
      headed(call, random).map((said, at) => (at === 0 ? named(call, said, { id: call.id }) : nameless(said))),
    ),
  },
  "by id alone, mixed": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call) => headed(call, random).map((said) => named(call, said, { id: call.id }))),
        random,
      ),
  },
  "one index, an id for each": {
    hasIds: true,
    cut: inTurn((call, random) => standard(call, random, 0)),
  },
  "one index, one id": {
    hasIds: false,
    isBlind: true,
    cut: inTurn((call, random) =>
      standard(call, random, 0).map((piece, at) => (at === 0 ? { ...piece, id: "call" } : piece)),
    ),
  },
  "one index, no ids": {
    hasIds: false,
    isBlind: true,
    cut: inTurn((call, random) => standard(call, random, 0).map(({ id: _id, ...piece }) => piece)),
  },
  "whole and without index or id, one a chunk or all in one": {
    hasIds: false,
    isBlind: true,
    cut: (calls, random) => {
      const isObject = random.chance(0.5);
      const pieces = calls.map((call) => named(call, isObject ? call.arguments : JSON.stringify(call.arguments)));
      return random.chance(0.5) ? [pieces] : alone(pieces);
    },
  },
  "id and name with each piece, mixed": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) => headed(call, random).map((said) => named(call, said, { index, id: call.id }))),
        random,
      ),
  },
  "a new id and the name with each piece": {
    hasIds: true,
    cut: inTurn((call, random, index) =>
      headed(call, random).map((said, at) => named(call, said, { index, id: at === 0 ? call.id : `${call.id}_${at}` })),
    ),
  },
  "a new id with each piece": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) =>
          headed(call, random).map((said, at) =>
            at === 0 ? named(call, said, { index, id: call.id }) : nameless(said, { index, id: `${call.id}_${at}` }),
          ),
        ),
        random,
      ),
  },
  "one call at index after index, by its id": {
    hasIds: true,
    cut: (calls, random) => {
      const isSoFar = random.chance(0.5);
      const pieces = calls.flatMap((call) => {
        const cut = headed(call, random);
        return (isSoFar ? sofar(cut) : cut).map((said) => named(call, said, { id: call.id }));
      });
      return alone(pieces.map((piece, index) => ({ ...piece, index })));
    },
  },
  "one call at index after index, without a name": {
    hasIds: true,
    cut: (calls, random) => {
      const pieces = calls.flatMap((call) =>
        piecesOf(call.arguments, random).map((said, at) =>
          at === 0 ? named(call, said, { id: call.id }) : nameless(said),
        ),
      );
      return alone(pieces.map((piece, index) => ({ ...piece, index })));
    },
  },
  "all so far with each piece, mixed": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) =>
          sofar(headed(call, random)).map((said, at) =>
            at === 0 ? named(call, said, { index, id: call.id }) : nameless(said, { index }),
          ),
        ),
        random,
      ),
  },
  "all so far with each piece, without ids": {
    hasIds: false,
    isBlind: true,
    cut: inTurn((call, random, index) => sofar(headed(call, random)).map((said) => named(call, said, { index }))),
  },
  "the whole once more at the end": {
    hasIds: true,
    cut: (calls, random) => {
      const form = random.pick([
        (given: unknown) => JSON.stringify(given),
        (given: unknown) => JSON.stringify(given, undefined, 1),
        (given: unknown) => given,
      ]);
      const lists = calls.map((call, index) => {
        const whole = form(call.arguments);
        const last = random.chance(0.5) ? nameless(whole, { index }) : named(call, whole, { index, id: call.id });
        return [...standard(call, random, index), last];
      });
      return mixed(lists, random);
    },
  },
  "objects, a field each": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) =>
          Object.entries(call.arguments).map(([key, value], at) =>
            at === 0
              ? named(call, { [key]: value }, { index, id: call.id })
              : nameless({ [key]: value }, { index, ...(random.chance(0.5) ? { id: call.id } : {}) }),
          ),
        ),
        random,
      ),
  },
  "objects, all so far with each": {
    hasIds: true,
    cut: (calls, random) =>
      mixed(
        calls.map((call, index) =>
          Object.entries(call.arguments).map((_, at, all) =>
            named(call, Object.fromEntries(all.slice(0, at + 1)), { index, id: call.id }),
          ),
        ),
        random,
      ),
  },
  "an empty object, then pieces": {
    hasIds: true,
    cut: (calls, random) => {
      const empty = random.pick<unknown>([{}, "{}"]);
      const lists = calls.map((call, index) => [
        named(call, empty, { index, id: call.id }),
        ...piecesOf(call.arguments, random).map((said) => nameless(said, { index })),
      ]);
      return mixed(lists, random);
    },
  },
};
