import { KINDS } from "../account/kinds.ts";
import type { Session, SessionAccount } from "../account/session.ts";
import { setContext } from "../platform/contexts.ts";

const isSample = ({ kind }: SessionAccount): boolean => kind === "sample";

/** Sets the context keys by which a view that shows nothing says what to do. */
function tellSession({ accounts }: Session): void {
  setContext(
    "aiGateway.signedIn",
    accounts.some(({ kind }) => !KINDS[kind].isLocal),
  );
  setContext("aiGateway.sampleOpen", accounts.some(isSample));
  setContext("aiGateway.loaded", true);
}

/** The nodes at the root of a tree; they are read once a session. */
export class Roots<Node> {
  readonly #readRoots: (session: Session) => Promise<readonly Node[]>;
  readonly #onRead: (nodes: readonly Node[]) => readonly Node[];
  #known: { session: Session; nodes: Promise<readonly Node[]> } | undefined;

  /** @param onRead is called with the nodes once they are read, and returns the objects by which VS Code knows them */
  constructor(
    readRoots: (session: Session) => Promise<readonly Node[]>,
    onRead: (nodes: readonly Node[]) => readonly Node[],
  ) {
    this.#readRoots = readRoots;
    this.#onRead = onRead;
  }

  /** Returns the roots of a session; none once it is over. */
  of(session: Session): Promise<readonly Node[]> {
    if (this.#known?.session !== session) this.#known = { session, nodes: this.#read(session) };
    return this.#known.nodes;
  }

  /** Has them read again when they are next needed. */
  forget(): void {
    this.#known = undefined;
  }

  async #read(session: Session): Promise<readonly Node[]> {
    const nodes = await this.#readRoots(session);
    if (session.signal.aborted) return [];
    tellSession(session);
    return this.#onRead(nodes);
  }
}
