import type { Condition } from "./conditions.ts";
import type { FieldName } from "./fields.ts";
import type { Collection, CollectionRef, Log, LogDetail, LogRef, Metadata, Side } from "./log.ts";
import type { CallHeaders } from "./names.ts";
import type { CallOptions, OrderName, Page, Query } from "./query.ts";
import type { Cursor } from "./cursor.ts";
import type { WalkedPage, WalkOptions } from "./walk.ts";

/** What a source's lists can be asked for; everything else is done on the rows that were read. */
export type Lists = {
  /**
   * Returns those of a query's conditions that it takes together, as `matchesRow` means them; none of the others is ever
   * sent. A condition on a metadata entry's value belongs to the one on its name.
   */
  taken: (conditions: readonly Condition[]) => readonly Condition[];
  /** Whether it takes free text; the fields that it looks for it in, if that isn't all. */
  search: boolean | readonly FieldName[];
  orders: ReadonlySet<OrderName>;
  /** Whether it takes a time range. Without, days are cut from one list. */
  byTime: boolean;
  /** Limit on a page's logs. */
  pageSize: number;
  /** Whether totals are right, may lag behind changes, or are missing. */
  total: "exact" | "late" | "none";
  /** Least time between two automatic refreshes, in seconds: as of now, if the source's calls are limited. */
  readonly pollSeconds: number;
  /** How long after its time a log may be listed, in ms; 10 seconds, unless it's said. */
  listedAfterMs?: number;
};

/** A stored body, verbatim. */
export type StoredBody = { contentType?: string; body: string | Uint8Array };

/** `bytesAbove`: a larger text is returned as bytes, to be decoded elsewhere. */
export type BodyOptions = CallOptions & { bytesAbove?: number };

/** Changeable fields of a log; omitted ones stay as they are. */
export type LogChanges = {
  /** 1 up, −1 down, 0 neither, null none given. */
  feedback?: -1 | 0 | 1 | null;
  /** 0 to 100. */
  score?: number | null;
  metadata?: Metadata | null;
};

/** At least one condition. */
export type Conditions = readonly [Condition, ...Condition[]];

/** Which logs to delete: matching ones, the first `limit` by time. */
type DeleteQuery = { conditions: Conditions; limit: number; order: "newest" | "oldest" };

export type Deletion = {
  /** The logs whose deletion was requested, in order; empty if none matched and nothing was sent. */
  logs: readonly Log[];
  /** Number of matching logs before the deletion. */
  total: number;
  /** Returns those that are still listed. */
  left(options?: CallOptions): Promise<Log[]>;
};

/** Methods that delete logs. A condition may name 50 IDs. */
type SourceDeletion = {
  /** Deletes exactly logs that were read first and match. */
  readonly delete: (of: CollectionRef, query: DeleteQuery, options?: CallOptions) => Promise<Deletion>;
  /** Whether a row has the field of a condition, so that its match is certain. */
  readonly tells: (log: Log, condition: Condition) => boolean;
};

/** What a source deleted by its own retention. */
export type Purged = {
  deleted: number;
  /** Age in days above which logs were deleted; absent if the source doesn't tell. */
  retentionDays?: number;
  /** The source stopped at its limit on a call, so more may be left. */
  hasMore: boolean;
};

/** Calls of a collection that aren't listed. `last`: the newest one's minute. */
type Unlisted = { calls: number; last?: Date };

/** Why a collection has no logs. */
export type EmptyReason =
  /** It keeps none. `calls`: made lately. */
  | { type: "loggingOff"; calls: number }
  | { type: "gatewayGone" }
  /** None came yet. `maybeOtherStore`: or they are in another store; it isn't known. */
  | { type: "noLogs"; maybeOtherStore: boolean }
  /** Its logs are in another store of the account: asked for again, the account's source is that one. */
  | { type: "moved" }
  /** Its logs are, or may be, in another store, which the token may not read. */
  | { type: "otherStore"; permission: string }
  /**
   * Calls were made, but there are no logs of them. `cause`: the day's allowance may be used up, they may be too old, or
   * it isn't known.
   */
  | ({ type: "callsWithoutLogs"; cause: "allowance" | "retention" | "unknown" } & Unlisted);

/** Where requests are sent through a source's collections; a token only if it's the source's own. */
export type InferenceEndpoint = { url: string; token?: string };

/**
 * A place that keeps logs. The required members are all that tree, panel, filter, export, comparison and tools need;
 * the optional ones are its capabilities, and what needs a missing one isn't offered. Functions reject only
 * with `SourceError`, and can be aborted. They don't use `this`, so that a source can be copied and changed.
 */
export type LogSource = {
  /** The service's name, for people: the same that its errors have. */
  readonly service: string;

  readonly lists: Lists;

  /** Returns the time by the source's clock, without a call. Absent: this machine's. */
  readonly now?: () => Date;

  /** Lists all collections. */
  readonly collections: (options?: CallOptions) => Promise<readonly Collection[]>;

  /** Returns one page of a collection's logs. `after`: the end of an earlier page of the same query. */
  readonly list: (of: CollectionRef, query: Query, after?: Cursor, options?: CallOptions) => Promise<Page>;

  /** Corrects cursors that depend on rows' numbers; absent if they name a row or a time. */
  readonly cursors?: {
    /** Returns the cursor after rows that another list gave, which has none of `end` or later. */
    readonly behind: (rows: readonly Log[], end: Date | undefined) => Cursor;
    /** Returns the cursor after `count` of the rows before it were deleted. */
    readonly without: (cursor: Cursor, count: number) => Cursor;
  };

  /** Lists all logs, newest first and each once, several pages at a time; resumable. Absent: page by page. */
  readonly walk?: (
    of: CollectionRef,
    query: Query,
    options: WalkOptions,
  ) => AsyncGenerator<WalkedPage, void, undefined>;

  /**
   * Returns logs that came after a time or an earlier call, oldest first, possibly some known ones. `left`: at least how
   * many remain for the next call. Absent: the newest page is read again.
   */
  readonly newer?: (
    of: CollectionRef,
    query: Query,
    since: Date | Cursor,
    options?: CallOptions,
  ) => Promise<{ logs: readonly Log[]; left: number; next: Cursor }>;

  /** Whether a text can be the ID of one of its logs or events: no others are asked for. Absent: any text can. */
  readonly isId?: (text: string) => boolean;

  /**
   * Returns a log with the heads of its bodies. `listed`: its row, if rows don't change and this one is still shown.
   * Absent: the row is all there is.
   */
  readonly read?: (ref: LogRef, options?: CallOptions, listed?: Log) => Promise<LogDetail>;

  /** Returns a stored body; undefined if none is stored. Absent: no bodies beyond those of `read`. */
  readonly body?: (ref: LogRef, side: Side, options?: BodyOptions) => Promise<StoredBody | undefined>;

  /** Limit on a stored body, in bytes: larger ones aren't stored. */
  readonly bodyLimit?: number;

  readonly changes?: {
    readonly fields: ReadonlySet<keyof LogChanges>;
    /** Changes a log; read it again to see the change. */
    readonly send: (ref: LogRef, changes: LogChanges, options?: CallOptions) => Promise<void>;
  };

  readonly deletion?: SourceDeletion;

  /**
   * Deletes all logs of a collection that are older than the source's own retention, for everyone: one call, which isn't
   * repeated. Logs may be deleted even if it rejects, unless the call was refused.
   */
  readonly purge?: (of: CollectionRef, options?: CallOptions) => Promise<Purged>;

  /** Where a log's request can be sent again, and the names of headers there. */
  readonly resend?: { readonly endpoint: () => Promise<InferenceEndpoint>; readonly headers: CallHeaders };

  /** Why a collection's list is empty. A few calls. */
  readonly whyEmpty?: (of: CollectionRef, options?: CallOptions) => Promise<EmptyReason>;

  /**
   * Returns lines for a bug report about where a collection's logs are and how they are recorded: names of keys, types,
   * counts, messages of the service, never a value. Some calls.
   */
  readonly diagnostics?: (of: CollectionRef, options?: CallOptions) => Promise<readonly string[]>;

  /** Returns the address of a collection's page, or its logs' page. */
  readonly webPage?: (of: CollectionRef, ofLogs: boolean) => string;
};

/** A source that deletes logs. */
export type DeletableSource = LogSource & { readonly deletion: SourceDeletion };
