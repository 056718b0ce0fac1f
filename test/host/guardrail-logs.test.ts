import assert from "node:assert/strict";
import * as vscode from "vscode";
import { GATEWAY_NAMES } from "../../src/account/gateway-names.ts";
import { CalledGateways } from "../../src/debugging/gateways.ts";
import { LogPanel } from "../../src/panel/panel.ts";
import { guardrailsOf } from "../../src/sources/verifywise/source.ts";
import type { GatewayNode } from "../../src/tree/nodes.ts";
import { startVerifyWise, type VerifyWiseServer } from "../verifywise-server.ts";
import { at, kind } from "./nodes.ts";
import { PageStandIn, panelNeeds } from "./page.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const FOUND = "ann_CANARY@example.com";

for (const generation of [1, 2] as const)
  describe(`VerifyWise's guardrail logs, generation ${generation}`, () => {
    let world: World;
    let server: VerifyWiseServer;

    beforeEach(async () => {
      world = await startWorld();
      server = await startVerifyWise(generation);
      const { baseUrl, token } = server;
      await world.tokens.store({ id: "vw", name: "vw.example.com", server: { kind: "verifywise", baseUrl } }, token);
    });
    afterEach(async () => {
      await world.close();
      await server.close();
    });

    async function guardrails(): Promise<GatewayNode> {
      const [, second, ...others] = await world.children();
      assert.ok(second?.kind === "gateway" && others.length === 0);
      return second;
    }

    it("are a group below the server's log, with days and rows", async () => {
      server.addChecks(
        { createdAt: at(1, 1), entity: "EMAIL_ADDRESS", text: FOUND, name: "PII", ms: 12 },
        { createdAt: at(1, 2), type: "content_filter", action: "blocked", text: FOUND },
        { createdAt: at(2), action: "noted", name: "$(x)\u202e[a](b)", text: FOUND },
      );
      const group = await guardrails();
      assert.deepEqual(await world.words([group]), ["Guardrails | vw.example.com"]);
      const days = (await world.children(group)).filter((node) => node.kind === "group");
      const [yesterday, before] = await world.words(days);
      assert.match(`${yesterday}; ${before}`, /^Yesterday \| 2; .+ \| 1$/);
      const rows = (await Promise.all(days.map((day) => world.children(day)))).flat();
      assert.deepEqual(
        (await world.words(rows)).map((words) => words.replace(/\d\d:\d\d:\d\d/, "time")),
        [
          "content_filter | blocked · time",
          "PII · EMAIL_ADDRESS | masked · time · 12 ms",
          "$(x)\ufffd[a](b) | checked · time",
        ],
      );
      for (const row of rows) {
        const item = world.tree.item(row);
        const { accessibilityInformation } = item;
        const hovered = world.tree.resolveTreeItem(item, row).tooltip;
        assert.ok(hovered instanceof vscode.MarkdownString);
        const said = JSON.stringify([accessibilityInformation, hovered.value]);
        assert.ok(!said.includes("CANARY") && said.includes("**Guardrail**"), said);
      }
    });

    it("open in a panel, which shows what matched and that there are no bodies", async () => {
      const [id] = server.addChecks({
        createdAt: at(0),
        entity: "PERSON",
        action: "blocked",
        text: FOUND,
        endpoint: 3,
      });
      const group = await guardrails();
      const day = kind(await world.children(group), "group");
      const { ref } = kind(await world.children(day), "log");
      assert.equal(ref.logId, String(id));
      const page = new PageStandIn();
      const owner = {
        view: "conversation",
        setView: () => {},
        open: () => Promise.resolve(),
        changed: () => {},
      } as const;
      const before = server.calls.length;
      const panel = new LogPanel(
        { panel: page.panel, ref, row: undefined, isPreview: false },
        panelNeeds(world),
        owner,
      );
      page.says({ type: "ready" });
      const view = await page.until(({ state }) => state.type === "ready");
      assert.ok(view.state.type === "ready");
      for (const side of ["request", "response"] as const)
        assert.match(view.state.content[side].missing?.text ?? "", /has only the text that matched/);
      assert.equal(server.calls.length, before, "the row is all there is");
      assert.deepEqual(
        [view.title, view.status?.text, view.chips, view.error],
        ["pii · PERSON", "blocked", [guardrailsOf(server.baseUrl)], undefined],
      );
      assert.deepEqual(
        view.facts.map(({ name }) => name),
        ["time"],
      );
      const entries = Object.fromEntries(view.metadata.map(({ name, value }) => [name, value]));
      assert.deepEqual(entries, {
        type: "pii",
        entity: "PERSON",
        action: "blocked",
        endpoint_id: "3",
        matched_text: FOUND,
      });
      assert.ok(page.titles.every((title) => !title.includes("CANARY")));
      panel.dispose();
    });

    it("say why there are none", async () => {
      const group = await guardrails();
      const none = kind(await world.children(group), "state");
      assert.deepEqual(await world.words([none]), ["No logs yet"]);
      assert.match(String(world.tree.item(none).tooltip), /guardrail/);
    });

    it("aren't asked for calls", async () => {
      const { sessions, logger } = world;
      const gateways = new CalledGateways({ host: GATEWAY_NAMES.host, sessions, state: new MemoryState(), logger });
      const { used, others } = await gateways.places();
      assert.deepEqual(
        [...used, ...others].map(({ collectionId }) => collectionId),
        [new URL(server.baseUrl).host],
      );
    });
  });
