import { ACCOUNT, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

type Done = [hours: number, type: string, resource: string, who: string, more?: Record<string, string>];

/** Changes to an account by users and programs, newest first. */
const DONE: readonly Done[] = [
  [3, "delete", "ai_gateway.logs production", "alice@example.com"],
  [4, "update", "ai_gateway.gateway production", "alice@example.com"],
  [5, "update", "ai_gateway.log 01JDKX7Q2M", "token nightly-evaluation"],
  [6, "delete", "ai_gateway.gateway staging", "token deploy", { action_result: "failure", raw_status_code: "409" }],
  [9, "create", "ai_gateway.gateway staging", "bob@example.com"],
  [28, "create", "api_tokens.token 7f3c91", "bob@example.com", { resource_product: "api_tokens" }],
  [30, "login", "account", "alice@example.com", { resource_product: "accounts" }],
];

/** The audit log below the logs, and an entry with its history. */
export async function auditLog(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway();
  const midnight = new Date().setHours(0, 0, 0, 0);
  for (const [index, [hours, type, resource, who, more]] of DONE.entries()) {
    const [kind = "", id] = resource.split(" ");
    const isToken = who.startsWith("token ");
    gateway.store.audit.add({
      accountId: ACCOUNT,
      time: new Date(midnight - hours * 3_600_000 + index * 61_000),
      description: `${type} ${kind.replaceAll(/[._]/g, " ")}`,
      userAgent: isToken ? "deploy/1.4" : "Mozilla/5.0 (X11; Linux x86_64)",
      request: {
        rate_limiting_limit: 100,
        rate_limiting_interval: 60,
        collect_logs: true,
        metadata: { reason: "quota\nper team" },
      },
      response: { id: "production", cache_ttl: 300 },
      fields: {
        id: `entry-${index}`,
        account_name: "Acme Bicycles",
        action_type: type,
        action_result: "success",
        actor_context: isToken ? "api_token" : "dash",
        actor_ip_address: "203.0.113.7",
        actor_type: "user",
        ...(isToken ? { actor_token_name: who.slice("token ".length) } : { actor_email: who }),
        raw_method: { create: "POST", update: "PUT", delete: "DELETE" }[type] ?? "POST",
        raw_status_code: "200",
        raw_cf_ray_id: "8f1c0ffee0c0ffee",
        raw_uri: `/accounts/${ACCOUNT}/ai-gateway/gateways/production`,
        resource_product: "ai_gateway",
        resource_scope: "accounts",
        resource_type: kind,
        ...(id && { resource_id: id }),
        ...more,
      },
    });
  }
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1180, height: 860 } });
  const { page, quickInput } = window;
  try {
    await window.openView("AI Gateway");
    await window.signIn(gateway.token);
    await window.row("production").waitFor();
    await window.openAuditLog();
    await window.expandRow(/^Yesterday/);
    await window.clickRow(/^gateway production, updated/);
    const entry = await window.entryPage("entry-1");
    await picture(window, "audit-entry");
    await entry.getByRole("button", { name: "Show History" }).click();
    await entry.locator(".history li").first().waitFor();
    await picture(window, "audit-history");
    await window.row(/^gateway staging, deleted, failed/).hover();
    await page.locator(".monaco-hover .hover-row, .workbench-hover").first().waitFor();
    await picture(window, "audit-tooltip");
    await page.mouse.move(900, 20);
    await window.titleButton("Edit Filter", "Audit Log").click();
    await quickInput.getByText(/^Filter the Audit Log/).waitFor();
    await page.keyboard.type("action:delete -context:");
    await quickInput.locator(".monaco-list-row").nth(3).waitFor();
    await picture(window, "audit-line");
    await page.keyboard.type("dash ");
    await quickInput
      .getByText(/^1 entry/)
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".part.sidebar .message", { hasText: "delete" }).waitFor();
    await window.row(/^gateway staging, deleted, failed/).waitFor();
    await picture(window, "audit-filtered");
  } finally {
    await window.close();
    await gateway.close();
  }
}
