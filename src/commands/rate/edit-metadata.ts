import * as vscode from "vscode";
import { signedIn } from "../../account/signed-in.ts";
import { isAborted } from "../../source/errors.ts";
import { readDetail } from "../../source/rows.ts";
import type { LogRef, Metadata } from "../../source/log.ts";
import { explain } from "../../words/explain.ts";
import { plain } from "../../logs/format.ts";
import {
  changedMetadata,
  hasChange,
  MOST_ENTRIES,
  nameProblem,
  valuesIn,
  writtenValue,
  type MetadataChange,
  type MetadataValue,
} from "../../logs/metadata.ts";
import { withoutLinks } from "../../platform/notify.ts";
import { runLimited } from "../../rating/run-limited.ts";
import { sendAll, type SendNeeds } from "../../rating/send.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";

export type MetadataNeeds = SendNeeds & {
  /** Reports a result that differs from the request; the window, or a stand-in in tests. */
  warn?: (message: string) => void;
  ui?: Ui;
};

type Item = vscode.QuickPickItem;

function typeWord(value: MetadataValue): string {
  switch (typeof value) {
    case "number":
      return vscode.l10n.t("number");
    case "boolean":
      return vscode.l10n.t("boolean");
    default:
      return vscode.l10n.t("text");
  }
}

/** Returns a value for a list: text in quotes if it could be mistaken for another type. */
const valueWord = (value: MetadataValue): string => plain(writtenValue(value), 80);

/** Describes an entry's values in these logs. */
function entryWords(name: string, all: readonly Metadata[]): string {
  const t = vscode.l10n.t;
  const held = all.flatMap((metadata): MetadataValue[] => {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    return value === undefined ? [] : [value];
  });
  const [first] = held;
  const isSame = held.every((value) => value === first);
  const value = first !== undefined && isSame ? `${valueWord(first)} · ${typeWord(first)}` : t("several values");
  return all.length === 1 ? value : `${value} · ${t("in {0} of {1} logs", held.length, all.length)}`;
}

/** Asks for a value; shows the typed text as each type that it can be. */
async function askValue(ui: Ui, name: string, old: MetadataValue | undefined): Promise<MetadataValue | undefined> {
  const t = vscode.l10n.t;
  const icons = { number: "symbol-number", boolean: "symbol-boolean", string: "symbol-string" } as const;
  const itemOf = (value: MetadataValue) => ({
    label: `$(${icons[typeof value as keyof typeof icons]}) ${plain(String(value), 200)}`,
    description: typeWord(value),
    alwaysShow: true,
    value,
  });
  const picked = await pickOne<Item & { value?: MetadataValue }>(ui, [], {
    title: t("Value of {0}", plain(name, 80)),
    placeholder: t('A number, true or false, or any text; "42" in quotes is a text'),
    value: old === undefined ? "" : writtenValue(old),
    entriesFor: (text) => valuesIn(text).map(itemOf),
  });
  return picked?.value;
}

async function askName(ui: Ui, taken: readonly string[]): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const problems = {
    empty: t("An entry needs a name."),
    long: t("The name is too long. Shorten it."),
    taken: t("An entry with this name exists. Select it in the list to change it."),
  };
  const name = await ui.showInputBox({
    title: t("Add a Metadata Entry"),
    placeHolder: t("Name"),
    validateInput: (text) => {
      const problem = nameProblem(text, taken);
      return problem && problems[problem];
    },
  });
  return name === undefined || nameProblem(name, taken) ? undefined : name.trim();
}

/** Asks whether to change or remove an existing entry. */
async function askChange(ui: Ui, name: string, old: MetadataValue | undefined): Promise<MetadataChange | undefined> {
  const t = vscode.l10n.t;
  const ways = [
    { label: `$(edit) ${t("Change the Value…")}`, removes: false },
    { label: `$(trash) ${t("Remove")}`, removes: true },
  ];
  const way = await pickOne(ui, ways, { title: plain(name, 80), placeholder: t("Change or remove the entry") });
  if (way?.removes) return { name, value: undefined };
  const value = way && (await askValue(ui, name, old));
  return value === undefined ? undefined : { name, value };
}

/** Asks for one change to the entries of these logs. */
async function ask(ui: Ui, all: readonly Metadata[]): Promise<MetadataChange | undefined> {
  const t = vscode.l10n.t;
  const names = [...new Set(all.flatMap((metadata) => Object.keys(metadata)))];
  const isFull = all.every((metadata) => Object.keys(metadata).length >= MOST_ENTRIES);
  const add = isFull
    ? {
        label: `$(circle-slash) ${t("No more can be added")}`,
        description: t("the gateway keeps {0} entries of a log", MOST_ENTRIES),
      }
    : { label: `$(add) ${t("Add an Entry…")}` };
  const items: (Item & { name?: string })[] = [
    ...names.map((name) => ({ label: plain(name, 80), description: entryWords(name, all), name })),
    add,
  ];
  const picked = await pickOne(ui, items, {
    title: all.length === 1 ? t("Metadata") : t("Metadata of {0} logs", all.length),
    placeholder: t("Select an entry to change or remove"),
    stays: (item) => item === add && isFull,
  });
  if (!picked) return undefined;
  const { name } = picked;
  if (name !== undefined) return askChange(ui, name, all.find((metadata) => Object.hasOwn(metadata, name))?.[name]);
  const added = await askName(ui, names);
  const value = added === undefined ? undefined : await askValue(ui, added, undefined);
  return added === undefined || value === undefined ? undefined : { name: added, value };
}

/**
 * Reads the current metadata of each log.
 * @throws SourceError if one can't be read
 */
async function readAll(needs: MetadataNeeds, logs: readonly LogRef[]) {
  const title = vscode.l10n.t("Reading the metadata of {0} logs", needs.format.count(logs.length));
  const results = await runLimited(logs, title, async (ref, inTurn, signal) => {
    const log = await inTurn(async () => readDetail(signedIn(await needs.sourceOf(ref)), ref, { signal }));
    return { ref, metadata: needs.ratings.shown(ref, log).log.metadata };
  });
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

/**
 * Asks for one change to the metadata of logs and applies it to each. Sends all entries of a log, because the API
 * doesn't document whether it merges or replaces them. Then reads them again, and reports logs that differ from what
 * was sent.
 */
export async function editMetadata(needs: MetadataNeeds, logs: readonly LogRef[]): Promise<void> {
  const t = vscode.l10n.t;
  const { ui = vscode.window, format, warn = (words) => void vscode.window.showWarningMessage(words) } = needs;
  const read = await readAll(needs, logs);
  const change = await ask(
    ui,
    read.map(({ metadata }) => metadata),
  );
  if (!change) return;
  const wanted = read.flatMap(({ ref, metadata: before }) => {
    const metadata = hasChange(before, change) ? undefined : changedMetadata(before, change);
    return metadata ? [{ ref, changes: { metadata } }] : [];
  });
  const full = read.filter(({ metadata }) => !changedMetadata(metadata, change)).length;
  const unlike: LogRef[] = [];
  const unread: unknown[] = [];
  try {
    const title = t("Changing the metadata of {0} logs", format.count(wanted.length));
    await sendAll(wanted, needs, title, async (ref, inTurn, signal) => {
      try {
        const log = await inTurn(async () => readDetail(signedIn(await needs.sourceOf(ref)), ref, { signal }));
        needs.ratings.learn(ref, log);
        if (!hasChange(log.metadata, change)) unlike.push(ref);
      } catch (error) {
        if (!isAborted(error)) unread.push(error);
      }
    });
  } finally {
    const [name, all] = [plain(change.name, 80), format.count(read.length)];
    const words: string[] = [];
    if (unlike.length > 0)
      words.push(
        change.value === undefined
          ? t("Cloudflare accepted the change, but {1} of {2} logs still have the entry {0}.", name, unlike.length, all)
          : t(
              "Cloudflare accepted the change, but {1} of {2} logs don't have the entry {0} as sent.",
              name,
              unlike.length,
              all,
            ),
      );
    if (unread.length > 0)
      words.push(t("It was sent, but couldn't be read back: {0}.", explain(unread[0], format).summary));
    if (full > 0)
      words.push(t("{0} of {1} logs have {2} entries already, so {3} was not added.", full, all, MOST_ENTRIES, name));
    if (words.length > 0) warn(withoutLinks(words.join(" ")));
  }
}
