import * as vscode from "vscode";
import { LONGEST_LINE } from "../query/line-length.ts";

/** The settings that keep filters: those of logs, and those of the audit log. */
export type FilterSetting = "savedFilters" | "savedAuditFilters";

/** A query line kept with a name: for one gateway (its id), else for all of them. `ready`: it came with the extension. */
export type SavedFilter = { name: string; filter: string; gateway?: string; ready: boolean };

/** Settings that hold a user's own filters. */
type Place = "workspace" | "user";

/** More than a person keeps; a workspace of others may hold any number. */
const MOST = 200;
const LONGEST_NAME = 100;

/** The filters that come with the extension. */
function readyFilters(): SavedFilter[] {
  const t = vscode.l10n.t;
  return [
    { name: t("Errors"), filter: "status:error", ready: true },
    { name: t("Expensive"), filter: "cost:>0.05", ready: true },
    { name: t("Slow"), filter: "duration:>10s", ready: true },
    { name: t("Unrated"), filter: "feedback:none", ready: true },
    { name: t("Cached"), filter: "cached", ready: true },
    { name: t("Today"), filter: "since:today", ready: true },
  ];
}

/** A name as it is kept; undefined when it is none. */
export function filterNameIn(text: unknown): string | undefined {
  const name = typeof text === "string" ? text.trim() : "";
  const isOne = name !== "" && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name) && name.isWellFormed();
  return isOne ? name : undefined;
}

/** One entry of the setting; undefined when it is none, since anybody may have written a workspace's settings. */
function filterIn(entry: unknown): SavedFilter | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { name: named, filter, gateway } = entry as Readonly<Record<string, unknown>>;
  const name = filterNameIn(named);
  if (name === undefined || typeof filter !== "string" || filter.length > LONGEST_LINE) return undefined;
  if (filter.trim() === "" || (gateway !== undefined && (typeof gateway !== "string" || gateway === "")))
    return undefined;
  return { name, filter: filter.trim(), ready: false, ...(gateway === undefined ? {} : { gateway }) };
}

const settings = () => vscode.workspace.getConfiguration("aiGateway");

/** Returns a settings scope's own entries; undefined if the scope doesn't have the setting. */
function entriesAt(setting: FilterSetting, place: Place): unknown[] | undefined {
  const found = settings().inspect<unknown>(setting);
  const value = place === "workspace" ? found?.workspaceValue : found?.globalValue;
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [];
}

async function writeAt(setting: FilterSetting, place: Place, entries: readonly unknown[]): Promise<void> {
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await settings().update(setting, entries, place === "workspace" ? Workspace : Global);
}

const isSame = (one: SavedFilter, other: SavedFilter | undefined): boolean =>
  one.name === other?.name && one.gateway === other.gateway;

/** A person's own filters and those that the workspace shares, each once: those for all gateways, and for the one of that id. */
export function ownFilters(setting: FilterSetting, collectionId?: string): SavedFilter[] {
  const places = [entriesAt(setting, "workspace"), entriesAt(setting, "user")];
  const own: SavedFilter[] = [];
  for (const entry of places.flatMap((entries) => (entries ?? []).slice(0, MOST))) {
    const saved = filterIn(entry);
    if (!saved || (saved.gateway !== undefined && saved.gateway !== collectionId)) continue;
    if (!own.some((other) => isSame(other, saved))) own.push(saved);
  }
  return own;
}

/** The filters of a gateway's logs: the ready ones, then the others. */
export const savedFilters = (collectionId: string): SavedFilter[] => [
  ...readyFilters(),
  ...ownFilters("savedFilters", collectionId),
];

/** The places that hold a filter of that name for that gateway. */
const placesOf = (setting: FilterSetting, saved: SavedFilter): Place[] =>
  (["workspace", "user"] as const).filter((place) =>
    entriesAt(setting, place)?.some((entry) => isSame(saved, filterIn(entry))),
  );

/**
 * Saves a filter, replacing the one of that name: where that one is, else in the workspace's settings when they
 * have filters already, else in the person's own. Entries that cannot be read stay as they are.
 */
export async function saveFilter(setting: FilterSetting, saved: SavedFilter): Promise<void> {
  const place = placesOf(setting, saved)[0] ?? (entriesAt(setting, "workspace") ? "workspace" : "user");
  const { ready: _, ...entry } = saved;
  const entries = entriesAt(setting, place) ?? [];
  const at = entries.findIndex((other) => isSame(saved, filterIn(other)));
  await writeAt(setting, place, at < 0 ? [...entries, entry] : entries.with(at, entry));
}

/** Deletes a filter from whichever scope has it. */
export async function deleteSavedFilter(setting: FilterSetting, saved: SavedFilter): Promise<void> {
  for (const place of placesOf(setting, saved)) {
    const left = (entriesAt(setting, place) ?? []).filter((entry) => !isSame(saved, filterIn(entry)));
    await writeAt(setting, place, left);
  }
}
