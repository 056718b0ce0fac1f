import type { Log } from "../../source/log.ts";
import { SAMPLE_ACCOUNT_ID } from "../../local/samples/account.ts";
import type { CallState } from "./lookup.ts";
import type { SeenId } from "./scanner.ts";

/** A line of a source file, 1-based, as named by the debugger. */
export type SourceLine = { path: string; line: number };

/** A call made by a debugged program. */
export type ProgramCall = SeenId & {
  state: CallState;
  /** The line that printed its ID, if the debugger reports it. */
  printedAt?: SourceLine;
};

export type KnownCall = ProgramCall & { state: { type: "known" } };

const isKnown = (call: ProgramCall): call is KnownCall => call.state.type === "known";

/** Maximum number of calls kept of a session: a program may be debugged for days. */
const MOST = 10_000;

/** The newest calls of one debug session, in the order of their detection. */
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

  /** Returns the confirmed calls: by the name of their ID, or because the gateway has their logs. */
  get calls(): readonly ProgramCall[] {
    return [...this.#calls.values()].filter((call) => call.sure || isKnown(call));
  }

  /** Returns the calls without a known log (yet), under whatever name. */
  get unknown(): readonly ProgramCall[] {
    return [...this.#calls.values()].filter((call) => !isKnown(call));
  }

  /** Returns the calls with known logs, in the order of their detection. */
  get known(): readonly KnownCall[] {
    return [...this.#calls.values()].filter(isKnown);
  }

  /**
   * Whether the program is known to call a gateway other than a sample: it has shown an ID under a name of ours, or one
   * with a log.
   */
  get callsGateway(): boolean {
    for (const call of this.#calls.values())
      if (isKnown(call) ? call.state.gateway.sourceId !== SAMPLE_ACCOUNT_ID : call.sure) return true;
    return false;
  }

  /** Returns whether the program has shown an ID. */
  hasSeen(id: string): boolean {
    return this.#calls.has(id);
  }

  /** Adds an ID shown by the program. Returns false if it adds nothing new. */
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

  /** Updates the state of an ID. Returns false if nothing changes. Two IDs of one log count as one call. */
  update(id: string, state: CallState): boolean {
    const call = this.#calls.get(id);
    if (!call || call.state === state) return false;
    const isDouble = state.type === "known" && !isKnown(call) && this.#logs.has(state.log.id);
    if (isDouble || (state.type === "missing" && !call.sure)) return this.#calls.delete(id);
    if (state.type === "known") this.#logs.add(state.log.id);
    call.state = state;
    return true;
  }

  /** Removes all calls. */
  clear(): void {
    this.#calls.clear();
    this.#logs.clear();
  }

  /** Removes the calls with logs of an account. */
  forget(sourceId: string): void {
    for (const { id, state } of this.known) {
      if (state.gateway.sourceId !== sourceId) continue;
      this.#calls.delete(id);
      this.#logs.delete(state.log.id);
    }
  }

  /** Returns whether a log belongs to this run. */
  has({ id }: Pick<Log, "id">): boolean {
    return this.#logs.has(id);
  }
}
