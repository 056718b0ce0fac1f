import type { Log } from "../source/log.ts";
import type { LogPages } from "./known-logs.ts";
import type { Listing } from "./listing.ts";
import { PagedList } from "./paged-list.ts";

/** One listing for all logs, whose rows are put into their groups; opened, a group has a listing of its own. */
export class PagedGroups extends PagedList {
  override get malformed(): number {
    return this.head?.malformed ?? 0;
  }

  protected override take(head: Listing, added: readonly Log[]): void {
    const { known } = this;
    const isEvent = known.view.group === "event";
    for (const [key, logs] of Map.groupBy(added, (log) => known.keyOf(log))) {
      const group = known.groups.get(key) ?? known.put(key);
      group.add(logs);
      // Nothing else can be of its event.
      if (isEvent && logs.every(({ eventId }) => !eventId)) group.complete();
    }
    for (const { id } of added) known.ids.add(id);
    if (!head.hasMore) for (const group of known.groups.values()) if (!group.opened) group.complete();
  }

  /** No events: they are known by their steps. */
  override keep(_before: LogPages, keys: readonly string[]): void {
    const { groups, view } = this.known;
    if (view.group === "event" || !this.hasMore) return;
    for (const key of keys) if (!groups.has(key)) this.known.put(key);
  }

  override drop(listed: readonly Log[]): void {
    this.head?.drop(listed);
  }
}
