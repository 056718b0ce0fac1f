import type * as vscode from "vscode";

/** Where inputs are shown: the window, unless a test drives them. */
export type Ui = Pick<typeof vscode.window, "createQuickPick" | "showInputBox">;

/** What an input asks for. */
export type PickOptions<T> = {
  title: string;
  placeholder: string;
  /** The item that is the choice as it is. */
  active?: T | undefined;
  /** What is typed already when it opens. */
  value?: string;
  /** What stands below the items for a text that is typed: free entries. */
  entriesFor?: (text: string) => readonly T[];
  /** Items that cannot be chosen, as one that says what is wrong. */
  stays?: (item: T) => boolean;
};

/** Lets a person choose one item; undefined when they leave. */
export function pickOne<T extends vscode.QuickPickItem>(
  ui: Ui,
  items: readonly T[],
  { title, placeholder, active, value = "", entriesFor, stays }: PickOptions<T>,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const pick = ui.createQuickPick<T>();
    Object.assign(pick, { title, placeholder, matchOnDescription: true, items });
    if (active) pick.activeItems = [active];
    const parts: vscode.Disposable[] = [
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen && stays?.(chosen)) return;
        resolve(chosen);
        pick.hide();
      }),
      pick.onDidHide(() => {
        resolve(undefined);
        for (const part of parts) part.dispose();
      }),
      pick,
    ];
    if (entriesFor) {
      const listen = pick.onDidChangeValue((text) => {
        pick.items = text.trim() === "" ? items : [...items, ...entriesFor(text.trim())];
      });
      parts.push(listen);
      if (value !== "") {
        pick.value = value;
        pick.items = [...items, ...entriesFor(value)];
      }
    }
    pick.show();
  });
}
