// Pictures of gateways whose logs are in Workers Observability, and of those that have none.
import { eventOf } from "../src/local/observability/shapes.ts";
import type { LocalToken } from "../src/local/tokens.ts";
import { ACCOUNT, aLog, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";
import { addSamples } from "./samples.ts";

/** The sample gateway with events: its rows, and a log with the event as it is. */
async function sampleEvents(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const window = await openWindow({ theme, prepare: addSamples, viewport: { width: 1280, height: 860 } });
  try {
    await window.openView("AI Gateway");
    await window.expandRow("sample-observability");
    await window.expandRow(/^Yesterday/);
    await window.row(/, succeeded, /).waitFor();
    await window.clickRow(/, succeeded, /);
    const page = await window.webviewFrame("#log footer");
    await page.locator(".loading").waitFor({ state: "detached" });
    await picture(window, "observability-conversation");
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.locator('#view[aria-labelledby$="-raw"]').waitFor();
    await page.getByText('"dataset": "ai-gateway"').scrollIntoViewIfNeeded();
    await picture(window, "observability-raw");
  } finally {
    await window.close();
  }
}

/** Gateways without logs: calls that nothing was logged of, and a missing permission. */
async function without(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const narrow: LocalToken = {
    value: "narrow",
    kind: "user",
    permissions: ["accounts:read", "ai-gateway:read", "account-analytics:read"],
  };
  const gateway = await startTestGateway({
    tokens: [narrow],
    observability: { abrLevel: () => 10 },
  });
  const add = (id: string) => gateway.store.addGateway({ sourceId: ACCOUNT, id, createdAt: new Date() });
  for (const id of ["calls-of-today", "calls-long-ago", "sampled"]) add(id);
  const of = (collectionId: string) => ({ sourceId: ACCOUNT, collectionId });
  const now = Date.now();
  gateway.store.events.addCalls(of("calls-of-today"), new Date(now - 60_000), 1204);
  gateway.store.events.addCalls(of("calls-long-ago"), new Date(now - 20 * 86_400_000), 12);
  const logs = Array.from({ length: 60 }, (_, index) =>
    aLog({ id: `s-${index}`, createdAt: new Date(now - 5000 - index) }),
  );
  gateway.store.events.insert(
    ACCOUNT,
    logs.map((log) => eventOf({ ...log, ...of("sampled") }, "flat")),
  );
  const window = await openWindow({ theme, settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
  try {
    await window.openView("AI Gateway");
    await window.signIn(narrow.value);
    await window.expandRow("calls-of-today");
    await window.row(/^The permission Workers Observability Read/).waitFor();
    await picture(window, "observability-forbidden");
    await window.clickRow(/^The permission Workers Observability Read/);
    await window.answer(gateway.token, "API token");
    await window.row(/^Calls without logs/).waitFor();
    for (const id of ["calls-long-ago", "sampled"]) await window.expandRow(id);
    await window.expandRow(/^Today/);
    await window
      .row(/, succeeded, /)
      .first()
      .waitFor();
    await picture(window, "observability-states");
  } finally {
    await window.close();
    await gateway.close();
  }
}

/** Gateways with another store, or with no logs. */
export async function stores(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  await sampleEvents(theme, picture);
  await without(theme, picture);
}
