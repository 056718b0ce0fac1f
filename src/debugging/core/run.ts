import type { Log } from "../../cloudflare/schema.ts";
import { SAMPLE_ACCOUNT_ID } from "../../local/samples/account.ts";
import type { CallState } from "./lookup.ts";
import type { SeenId } from "./scanner.ts";

/** A line of a source file, from 1, as the debugger named it. */
export type SourceLine = { path: string; line: number };

/** One call that a debugged program made. */
export type ProgramCall = SeenId & {
  state: CallState;
  /** The line that printed its id, where the debugger tells. */
  printedAt?: SourceLine;
};

export type KnownCall = ProgramCall & { state: { type: "known" } };

const isKnown = (call: ProgramCall): call is KnownCall => call.state.type === "known";

/** Calls that are kept of a session: a program may be debugged for days. */
const MOST = 10_000;

/** The newest calls of one debug session, in the order in which they were seen. */
export class Run {
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  endedAt: Date | undefined;
  readonly #calls = new Map<string, ProgramCall>();
  readonly #logs = new Set<string>();

  constructor(id: string, name: string, startedAt: Date) {
    this.id = id;
    this.name = name;
    this.startedAt = startedAt;
  }

  /** The calls that are ones beyond doubt: by their name, or since the gateway knows them. */
  get calls(): readonly ProgramCall[] {
    return [...this.#calls.values()].filter((call) => call.sure || isKnown(call));
  }

  /** What was seen, under whatever name, and is not known (yet). */
  get unknown(): readonly ProgramCall[] {
    return [...this.#calls.values()].filter((call) => !isKnown(call));
  }

  /** The calls whose logs are known, in the order in which they were seen. */
  get known(): readonly KnownCall[] {
    return [...this.#calls.values()].filter(isKnown);
  }

  /** Whether it is known to call a gateway that is not a sample: it has shown an id by a name that only ours have, or one that a gateway knows. */
  get callsGateway(): boolean {
    for (const call of this.#calls.values())
      if (isKnown(call) ? call.state.gateway.accountId !== SAMPLE_ACCOUNT_ID : call.sure) return true;
    return false;
  }

  /** Whether the program has shown an id. */
  hasSeen(id: string): boolean {
    return this.#calls.has(id);
  }

  /** Notes an id that the program has shown; false when nothing is new about it. */
  see({ id, sure }: SeenId, state: CallState, printedAt?: SourceLine): boolean {
    const same = this.#calls.get(id);
    if (!same) {
      this.#calls.set(id, { id, sure, state: { type: "waiting" }, ...(printedAt ? { printedAt } : {}) });
      this.update(id, state);
      const [oldest] = this.#calls.keys();
      if (this.#calls.size > MOST && oldest !== undefined) this.#calls.delete(oldest);
      return true;
    }
    const isNew = (sure && !same.sure) || (printedAt !== undefined && same.printedAt === undefined);
    same.sure ||= sure;
    if (printedAt) same.printedAt ??= printedAt;
    return isNew;
  }

  /** Notes what the gateway knows of an id; false when it was not seen here. Two ids of one log are one call. */
  update(id: string, state: CallState): boolean {
    const call = this.#calls.get(id);
    if (!call || call.state === state) return false;
    const isDouble = state.type === "known" && !isKnown(call) && this.#logs.has(state.log.id);
    if (isDouble || (state.type === "missing" && !call.sure)) return this.#calls.delete(id);
    if (state.type === "known") this.#logs.add(state.log.id);
    call.state = state;
    return true;
  }

  /** Forgets its calls. */
  clear(): void {
    this.#calls.clear();
    this.#logs.clear();
  }

  /** Forgets the calls whose logs are of an account. */
  forget(accountId: string): void {
    for (const { id, state } of this.known) {
      if (state.gateway.accountId !== accountId) continue;
      this.#calls.delete(id);
      this.#logs.delete(state.log.id);
    }
  }

  /** Whether a log is known to be of this run. */
  has({ id }: Pick<Log, "id">): boolean {
    return this.#logs.has(id);
  }
}
