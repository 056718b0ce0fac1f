import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import { GatewayTokens } from "../../src/account/gateway-tokens.ts";
import { isAborted } from "../../src/source/errors.ts";
import type { LogRef } from "../../src/source/log.ts";
import { forgetGatewayToken } from "../../src/commands/account/forget-gateway-token.ts";
import { resendLog } from "../../src/commands/resend/resend-log.ts";
import { sendRequest, type SendNeeds } from "../../src/commands/resend/send-request.ts";
import { Entries } from "../../src/audit/entries.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { RequestDrafts } from "../../src/documents/drafts.ts";
import type { NewLog } from "../../src/local/store.ts";
import { SAMPLE_ACCOUNT_ID } from "../../src/local/samples/account.ts";
import { SAMPLE_GATEWAY_ID } from "../../src/local/samples/index.ts";
import { startFaultyServer } from "../faults.ts";
import { ACCOUNT, aLog, CANARY, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const RUN = `${CANARY}run`;
/** Separate from the installed extension's. */
const SCHEMES = { bodies: "resend-test-recorded", drafts: "resend-test" };

const setGatewayUrl = (url: string | undefined) =>
  vscode.workspace.getConfiguration("aiGateway").update("gatewayUrl", url, vscode.ConfigurationTarget.Global);

/** A user at dialogs: answers to each, and their texts. */
class Dialogs {
  readonly asked: { message: string; detail: string | undefined; modal: boolean }[] = [];
  readonly told: string[] = [];
  /** How often a token was asked for. */
  boxes = 0;
  /** Answers to the next dialogs, in order. */
  answers: (string | undefined)[] = ["Send"];
  token: string | undefined = RUN;
  /** Called once something is pending. */
  waiting: (cancel: () => void) => void = () => undefined;

  readonly window = {
    showWarningMessage: (message: string, options: vscode.MessageOptions | string, ...items: string[]) => {
      const { modal = false, detail } = typeof options === "object" ? options : {};
      this.asked.push({ message, detail, modal });
      const answer = this.answers.shift();
      const offered = typeof options === "string" ? [options, ...items] : items;
      assert.ok(answer === undefined || offered.includes(answer), `${answer} of ${offered.join(", ")}`);
      return Promise.resolve(answer);
    },
    showInformationMessage: (message: string, ...items: string[]) => {
      this.told.push(message);
      return Promise.resolve(items[0]);
    },
    showInputBox: (options: vscode.InputBoxOptions) => {
      this.boxes++;
      assert.equal(options.password, true);
      return Promise.resolve(this.token);
    },
    withProgress: async (
      options: vscode.ProgressOptions,
      task: (progress: unknown, token: vscode.CancellationToken) => Promise<unknown>,
    ) => {
      assert.equal(options.cancellable, true);
      const source = new vscode.CancellationTokenSource();
      this.waiting(() => source.cancel());
      return task({ report: () => undefined }, source.token);
    },
  } as never;
}

describe("sending a recorded request again", () => {
  let world: World;
  let needs: SendNeeds;
  let drafts: RequestDrafts;
  let gatewayTokens: GatewayTokens;
  let dialogs: Dialogs;
  let opened: LogRef[];
  let registered: vscode.Disposable[];
  const ref = (logId: string) => ({ ...GATEWAY, logId });

  beforeEach(async () => {
    world = await startWorld({ tokens: [{ value: RUN, kind: "user", permissions: ["ai-gateway:run"] }] });
    const { gateway, sessions, secrets, read, format } = world;
    gateway.store.addGateway({
      sourceId: ACCOUNT,
      id: "production",
      createdAt: new Date(),
      settings: { authentication: true },
    });
    await world.signIn();
    await setGatewayUrl(gateway.gatewayUrl);
    const bodies = new Bodies((of) => sessions.sourceOf(of));
    const recordings = new Recordings((of) => sessions.sourceOf(of), bodies);
    const entries = new Entries((sourceId) => sessions.clientOf(sourceId));
    const documents = new LogDocuments({ bodies, recordings, entries, read, format, scheme: SCHEMES.bodies });
    drafts = new RequestDrafts(bodies, read, format, SCHEMES.drafts);
    gatewayTokens = new GatewayTokens(secrets);
    dialogs = new Dialogs();
    opened = [];
    registered = [
      drafts,
      vscode.workspace.registerFileSystemProvider(SCHEMES.bodies, documents, { isReadonly: true }),
      vscode.workspace.registerFileSystemProvider(SCHEMES.drafts, drafts),
    ];
    needs = {
      sessions,
      bodies,
      documents,
      drafts,
      gatewayTokens,
      panels: { open: async (open) => void opened.push(open) },
      format,
    };
  });

  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const one of registered) one.dispose();
    await setGatewayUrl(undefined);
    await world.close();
  });

  const insert = (fields: Partial<NewLog> = {}) =>
    world.gateway.store.insert([aLog({ id: "old", createdAt: at(1), metadata: { app: "shop" }, ...fields })]);

  const sent = () => world.gateway.calls.filter(({ url }) => url.startsWith("/v1/"));

  /** Opens a log's request and returns its document. */
  async function edit(logId = "old"): Promise<vscode.TextDocument> {
    await resendLog(needs, ref(logId));
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, SCHEMES.drafts);
    return document;
  }

  async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
    const start = document.getText().indexOf(from);
    assert.notEqual(start, -1);
    const change = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
    change.replace(document.uri, range, to);
    assert.ok(await vscode.workspace.applyEdit(change));
  }

  const sendIt = (document: vscode.TextDocument) => sendRequest(needs, document.uri, dialogs.window);

  /** The two sides of the diff in front. */
  async function diff(): Promise<[string, string]> {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const [before, after] = await Promise.all(
      [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
    );
    return [before ?? "", after ?? ""];
  }

  it("goes from the recorded request over an edit and a yes to a diff and a log of its own", async () => {
    insert();
    const document = await edit();
    assert.match(document.getText(), /^\{\n {2}"model": "gpt-4\.1-mini",\n/);
    assert.equal(document.languageId, "json");
    await replace(document, "Is the blue frame in stock?", "Is the red one?");
    assert.ok(document.isDirty);
    await sendIt(document);

    const [confirmation] = dialogs.asked;
    assert.deepEqual([dialogs.asked.length, confirmation?.modal], [1, true]);
    assert.equal(confirmation?.message, "Send this request to gpt-4.1-mini?");
    assert.match(
      confirmation.detail ?? "",
      /Gateway: production\nAddress: openai\/chat\/completions\nEstimated cost: about \$0\.01[5-7]\d+,/,
    );
    assert.equal(dialogs.boxes, 1);
    assert.equal(await gatewayTokens.tokenOf(GATEWAY), RUN);
    assert.ok(!document.isDirty, "what was sent is what is kept");

    const [before, after] = await diff();
    assert.equal(after, before, "the local gateway answers with what is recorded");
    assert.match(after, /"content": "Yes, two are\."/);
    assert.match(dialogs.told[0] ?? "", /^Answered in \d+ ms\.$/);

    const gateway = kind(await world.children(), "gateway");
    const today = kind(await world.children(gateway), "group");
    const row = kind(await world.children(today), "log");
    assert.deepEqual(row.log.metadata, { resent_from: "old", app: "shop" });
    assert.deepEqual(opened, [row.ref]);
    const { body } = await world.gateway.client.getRequest(row.ref);
    assert.equal(body, document.getText());
    assert.deepEqual(
      sent().map(({ url }) => url),
      [`/v1/${ACCOUNT}/production/openai/chat/completions`],
    );
  });

  it("sends nothing without a yes, or without a token", async () => {
    insert();
    const document = await edit();
    dialogs.answers = [undefined];
    await sendIt(document);
    assert.deepEqual([dialogs.asked.length, dialogs.boxes], [1, 0]);
    dialogs.answers = ["Send"];
    dialogs.token = undefined;
    await sendIt(document);
    assert.equal(dialogs.boxes, 1);
    assert.deepEqual(sent(), []);
    assert.deepEqual(await gatewayTokens.gateways(), []);
  });

  it("asks each time, and for the token once", async () => {
    insert();
    const document = await edit();
    dialogs.answers = ["Send", "Send"];
    await sendIt(document);
    await sendIt(document);
    assert.deepEqual([dialogs.asked.length, dialogs.boxes, sent().length], [2, 1, 2]);
  });

  it("says of a refused token that it is the gateway's, and takes another", async () => {
    insert();
    const document = await edit();
    await gatewayTokens.store(GATEWAY, `${CANARY}wrong`);
    dialogs.answers = ["Send", "Use Another Token", "Send"];
    await sendIt(document);
    assert.match(dialogs.asked[1]?.message ?? "", /^The gateway refused the token\..*AI Gateway Run/);
    assert.deepEqual(
      sent().map(({ status }) => status),
      [401, 200],
    );
    assert.equal(await gatewayTokens.tokenOf(GATEWAY), RUN);
    dialogs.answers = ["Send", undefined];
    await gatewayTokens.store(GATEWAY, `${CANARY}wrong`);
    await sendIt(document);
    assert.equal(sent().length, 3, "not sent again when no other is given");
  });

  it("shows an answer that is an error too, with what it means", async () => {
    const response = '{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}';
    insert({ success: false, statusCode: 401, response });
    const document = await edit();
    dialogs.answers = ["Send", "Open Log"];
    await sendIt(document);
    assert.match(dialogs.asked[0]?.detail ?? "", /Estimated cost: unknown/);
    assert.match(dialogs.asked[1]?.message ?? "", /status 401: Incorrect API key provided\..*Provider Keys/);
    assert.equal(opened.length, 1);
    assert.match((await diff())[1], /invalid_api_key/);
  });

  it("lays a stream out as the gateway has kept the recorded one", async () => {
    const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
    insert({
      request: '{"model":"m","stream":true}',
      response: JSON.stringify({ ...chunk("Yes, two."), streamed_data: [chunk("Yes, "), chunk("two.")] }),
    });
    await sendIt(await edit());
    const [before, after] = await diff();
    assert.equal(after, before);
    assert.match(after, /"content": "Yes, two\."/);
  });

  it("opens the answer alone where none was recorded", async () => {
    insert({ response: null });
    insert({ id: "like", createdAt: at(2) });
    await sendIt(await edit());
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.match(document?.uri.path ?? "", /\/response\.json$/);
    assert.match(document?.getText() ?? "", /Yes, two are/);
  });

  it("can be cancelled while the answer is waited for", async () => {
    const silent = await startFaultyServer("neverAnswers");
    try {
      insert();
      const document = await edit();
      await setGatewayUrl(silent.baseUrl);
      dialogs.waiting = (cancel) => {
        const arrived = async () => {
          while (silent.state.calls.length === 0) await setImmediate();
          cancel();
        };
        void arrived();
      };
      await assert.rejects(sendIt(document), isAborted);
      assert.deepEqual(dialogs.told, []);
    } finally {
      await silent.close();
    }
  });

  it("says that the gateway cannot be reached, and keeps what was edited", async () => {
    insert();
    const document = await edit();
    await replace(document, "blue", "green");
    const gone = await startFaultyServer("empty");
    await gone.close();
    await setGatewayUrl(gone.baseUrl);
    await assert.rejects(sendIt(document), /can't be reached.*ECONNREFUSED.*aiGateway\.gatewayUrl/);
    assert.match(document.getText(), /green frame/);
    await setGatewayUrl("http://gateway.example.com/v1");
    await assert.rejects(sendIt(document), /aiGateway\.gatewayUrl must be an https address/);
  });

  it("doesn't send text that is no longer JSON", async () => {
    insert();
    const document = await edit();
    await replace(document, "{", "");
    await assert.rejects(sendIt(document), /no longer valid JSON/);
    assert.deepEqual([dialogs.asked, sent()], [[], []]);
  });

  it("says why a log cannot be sent again, before it is edited", async () => {
    insert({ request: null });
    insert({ id: "realtime", path: "realtime?model=gpt-realtime" });
    await assert.rejects(resendLog(needs, ref("old")), /stored no request/);
    await assert.rejects(resendLog(needs, ref("realtime")), /WebSocket/);
    await assert.rejects(
      sendRequest(needs, vscode.Uri.parse("untitled:x"), dialogs.window),
      /Open a log's request first/,
    );
  });

  it("forgets a draft with its last tab, and makes one that is gone from the recorded request", async () => {
    insert();
    const document = await edit();
    await replace(document, "blue", "green");
    assert.ok(await document.save());
    assert.match(new TextDecoder().decode(await drafts.readFile(document.uri)), /green/);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    assert.match(new TextDecoder().decode(await drafts.readFile(document.uri)), /blue/);
    const { mtime } = await drafts.stat(document.uri);
    assert.equal(mtime, 0, "never newer than what VS Code has kept of it over a reload");
  });

  it("writes no answer", async () => {
    insert();
    const uri = await drafts.putAnswer(ref("old"), { body: "{}" });
    assert.throws(() => drafts.writeFile(uri, new Uint8Array()), vscode.FileSystemError);
    assert.equal((await drafts.stat(uri)).permissions, vscode.FilePermission.Readonly);
  });

  it("needs no token at the sample gateway, and says that nothing is charged", async () => {
    await world.sample.open();
    const client = await world.sample.client();
    const gateway = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: SAMPLE_GATEWAY_ID };
    const filters = [{ key: "model", operator: "eq" as const, value: ["gpt-4.1-mini"] }];
    const { logs } = await client.listLogs(gateway, { filters, perPage: 1 });
    const log = { ...gateway, logId: logs[0]?.id ?? "" };
    await resendLog(needs, log);
    await sendRequest(needs, undefined, dialogs.window);
    assert.equal(dialogs.boxes, 0);
    assert.match(dialogs.asked[0]?.detail ?? "", /nothing leaves this machine/);
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
    const newest = await client.listLogs(gateway, { perPage: 1 });
    assert.equal(newest.logs[0]?.metadata["resent_from"], log.logId);
  });

  it("forgets gateway tokens one by one, and with the account", async () => {
    const other = { sourceId: "another", collectionId: "a/b" };
    await gatewayTokens.store(GATEWAY, RUN);
    await gatewayTokens.store(other, RUN);
    assert.deepEqual(await gatewayTokens.gateways(), [GATEWAY, other]);
    assert.deepEqual(
      (await world.tokens.accounts()).map(({ id }) => id),
      [ACCOUNT],
    );
    const window = {
      showInformationMessage: dialogs.window,
      showQuickPick: (items: { label: string }[]) => items.find(({ label }) => label === "a/b"),
    };
    await forgetGatewayToken(gatewayTokens, window as never);
    assert.deepEqual(await gatewayTokens.gateways(), [GATEWAY]);
    await gatewayTokens.store({ ...GATEWAY, collectionId: "staging" }, RUN);
    await gatewayTokens.forget(ACCOUNT);
    assert.deepEqual(await gatewayTokens.gateways(), []);
  });
});
