import type * as vscode from "vscode";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import { setContext } from "../platform/contexts.ts";
import { Tabs } from "../panel/tabs.ts";
import { isEntryRef } from "./intents.ts";
import { entryKey, type EntryRef } from "./ref.ts";
import type { EntryPanel, EntryPanelNeeds } from "./panel.ts";

/** The type of an entry's tab, for VS Code to restore it with a window. */
export const ENTRY_VIEW_TYPE = "aiGateway.auditEntry";

/** The open entries of audit logs. */
export class EntryPanels extends Tabs<EntryRef, AuditEntry, EntryPanel> {
  constructor(needs: EntryPanelNeeds, state: vscode.Memento) {
    super({
      viewType: ENTRY_VIEW_TYPE,
      keyOf: entryKey,
      isRef: isEntryRef,
      extensionUri: needs.extensionUri,
      load: async () => {
        const { EntryPanel } = await import("./panel.ts");
        return (opened) => new EntryPanel(opened, needs, this);
      },
      changed: (active) => setContext("aiGateway.auditPreviewInFront", active?.isPreview === true),
      memory: { state, key: "previewEntry" },
    });
  }
}
