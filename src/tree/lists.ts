import type { Session } from "../account/session.ts";

/** A list while it is read, and then; aborted once it is no longer wanted. */
type Entry<List> = { list: Promise<List>; abort: AbortController; settled?: List };

/** Reads the list of a root; `before`: what was known of it before a refresh. */
export type ReadList<Root, List> = (
  root: Root,
  session: Session,
  signal: AbortSignal,
  before: List | undefined,
) => Promise<List>;

/** What is known of the list below each root of a tree; asked for once, however often the root is looked at. */
export class Lists<Root extends { id: string }, List> {
  readonly #readList: ReadList<Root, List>;
  readonly #onRead: (root: Root) => void;
  readonly #known = new Map<string, Entry<List>>();
  /** What was known before a refresh. */
  readonly #before = new Map<string, List>();

  /** @param onRead is called when the list of a root is read */
  constructor(readList: ReadList<Root, List>, onRead: (root: Root) => void) {
    this.#readList = readList;
    this.#onRead = onRead;
  }

  /** The list of a root: read when nothing is known of it, and again when another one is wanted meanwhile. @throws what reading does */
  async of(root: Root, session: Session): Promise<List> {
    for (;;) {
      const entry = this.#known.get(root.id) ?? this.#read(root, session);
      try {
        const list = await entry.list;
        if (entry.abort.signal.aborted) continue;
        this.#before.delete(root.id);
        return list;
      } catch (error) {
        if (!entry.abort.signal.aborted) throw error;
      }
    }
  }

  #read(root: Root, session: Session): Entry<List> {
    const { id } = root;
    const abort = new AbortController();
    const signal = AbortSignal.any([session.signal, abort.signal]);
    const list = this.#readList(root, session, signal, this.#before.get(id));
    const entry: Entry<List> = { list, abort };
    this.#known.set(id, entry);
    void this.#settle(root, entry);
    return entry;
  }

  /** Keeps a list that was read, or forgets one that failed. */
  async #settle(root: Root, entry: Entry<List>): Promise<void> {
    try {
      entry.settled = await entry.list;
    } catch {
      if (this.#known.get(root.id) === entry) this.#known.delete(root.id);
      return;
    }
    if (!entry.abort.signal.aborted) this.#onRead(root);
  }

  /** What is known of a root, without a call. */
  known(id: string): List | undefined {
    return this.#known.get(id)?.settled;
  }

  /** Forgets what is known of a root, or of all; the list after it can take over what was known. */
  renew(id?: string): void {
    for (const [one, { settled, abort }] of this.#known) {
      if (id !== undefined && one !== id) continue;
      abort.abort();
      if (settled) this.#before.set(one, settled);
      this.#known.delete(one);
    }
  }

  /** Forgets a root, or all, for good: another list is wanted. */
  drop(id?: string): void {
    this.renew(id);
    if (id === undefined) this.#before.clear();
    else this.#before.delete(id);
  }

  /** Forgets the roots of an account for good. */
  forget(sourceId: string): void {
    const ids = [...this.#known.keys(), ...this.#before.keys()];
    for (const id of ids) if (id.startsWith(`${sourceId}/`)) this.drop(id);
  }
}
