import type { Draft } from "./edit-filter.ts";

/** The lines from which a log was opened, by the id of their gateway's node, until they are taken up or given up. */
export class LineDrafts extends Map<string, Draft> {
  /** Forgets the lines of an account: they may name what only its logs tell. */
  forget(sourceId: string): void {
    for (const id of this.keys()) if (id.startsWith(`${sourceId}/`)) this.delete(id);
  }
}
