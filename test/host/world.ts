import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { recordingsAccount, sampleAccount } from "../../src/account/local-accounts.ts";
import { Sessions } from "../../src/account/session.ts";
import { Tokens } from "../../src/account/tokens.ts";
import type { Logger } from "../../src/platform/logger.ts";
import { formatFor } from "../../src/logs/format.ts";
import { reader } from "../../src/reading/core/reader.ts";
import { RoundBar } from "../../src/rating/bar.ts";
import { UnfinishedDeletions } from "../../src/deletion/core/unfinished.ts";
import { SentRatings } from "../../src/rating/sent.ts";
import { Arrangements } from "../../src/tree/arrangements.ts";
import type { Node } from "../../src/tree/nodes.ts";
import { Deleting } from "../../src/deletion/in-progress.ts";
import { Runs } from "../../src/tree/runs.ts";
import { LogTree } from "../../src/tree/provider.ts";
import { ACCOUNT, CANARY, startTestGateway, type TestGateway } from "../gateway.ts";
import type { LocalGatewayOptions } from "../../src/local/server.ts";
import { MemorySecrets, MemoryState } from "./secrets.ts";

/** The extension's parts, assembled like in `activate`, with a local gateway instead of Cloudflare. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export async function setBaseUrl(url: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration("aiGateway").update("apiBaseUrl", url, vscode.ConfigurationTarget.Global);
}

export async function startWorld(options: Partial<LocalGatewayOptions> = {}) {
  const gateway: TestGateway = await startTestGateway(options);
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const logger: Logger = { trace: log, info: log, warn: log, error: log };
  const format = formatFor("en");
  const secrets = new MemorySecrets();
  const tokens = new Tokens(secrets);
  const sample = sampleAccount(vscode.Uri.file(folder), logger);
  const recorded = recordingsAccount(vscode.Uri.file(folder), logger);
  const state = new MemoryState();
  const sessions = new Sessions(tokens, [sample, recorded], state, logger);
  const arrangements = new Arrangements(state);
  const expanded = new Set<string>();
  const ratings = new SentRatings(new MemoryState());
  const round = new RoundBar();
  const deleting = new Deleting();
  const runs = new Runs();
  const tree = new LogTree({ sessions, arrangements, ratings, runs, expanded, deleting, format, logger });
  await setBaseUrl(gateway.baseUrl);
  const extension = vscode.extensions.getExtension("ai-gateway-logs.ai-gateway-logs");
  assert.ok(extension);
  const children = async (node?: Node) => tree.getChildren(node);
  return {
    gateway,
    extensionId: extension.id,
    extensionUri: extension.extensionUri,
    /** The workspace's stored state. */
    state,
    read: reader(join(extension.extensionPath, "dist/reading-thread.js")),
    lines,
    logger,
    format,
    secrets,
    tokens,
    sample,
    recorded,
    sessions,
    arrangements,
    ratings,
    round,
    expanded,
    deleting,
    unfinishedDeletions: new UnfinishedDeletions(join(folder, "deletions")),
    runs,
    tree,
    children,
    signIn: (token = gateway.token) => tokens.store({ id: ACCOUNT, name: "Acme Bicycles" }, token),
    /** The tree's labels and descriptions, as they would be shown. */
    words: async (nodes: Node[]) =>
      nodes.map((node) => {
        const { label, description } = tree.item(node);
        return [label, description].filter(Boolean).join(" | ");
      }),
    close: async () => {
      assert.ok(!lines.some((line) => line.includes(CANARY)), "no token in the log");
      tree.dispose();
      deleting.dispose();
      runs.dispose();
      arrangements.dispose();
      ratings.dispose();
      round.dispose();
      await sessions.dispose();
      await sample.dispose();
      await recorded.dispose();
      await gateway.close();
      await setBaseUrl(undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
