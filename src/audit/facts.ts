import * as vscode from "vscode";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { Format } from "../logs/format.ts";
import type { Fact } from "../panel/protocol.ts";
import type { FactGroup } from "./protocol.ts";
import { actionWord, outcomeWord } from "./row.ts";

const scopeText = (scope: AuditEntry["resource"]["scope"]): string | undefined =>
  typeof scope === "object" ? JSON.stringify(scope) : scope;

/** Returns an entry's known facts without the bodies: actor, origin, action and time. */
export function entryFacts(entry: AuditEntry, format: Format): FactGroup[] {
  const t = vscode.l10n.t;
  const { actor, action, resource, call, zone, account } = entry;
  const groups: [string, [string, string | undefined, string?][]][] = [
    [
      t("Who"),
      [
        [t("email address"), actor.email],
        [t("token"), actor.tokenName],
        [t("token ID"), actor.tokenId],
        [t("actor type"), actor.type],
        [t("actor ID"), actor.id],
      ],
    ],
    [
      t("From where"),
      [
        [t("IP address"), actor.ipAddress],
        [t("signed in by"), actor.context],
        [t("user agent"), call.userAgent],
      ],
    ],
    [
      t("What"),
      [
        [t("action"), actionWord(entry)],
        [t("description"), action.description],
        [t("result"), outcomeWord(entry)],
        [t("product"), resource.product],
        [t("resource type"), resource.type],
        [t("resource ID"), resource.id],
        [t("scope"), scopeText(resource.scope)],
        [t("account"), account.name],
        [t("account ID"), account.id],
        [t("zone"), zone.name],
        [t("zone ID"), zone.id],
      ],
    ],
    [
      t("When and how"),
      [
        [t("time"), format.dateTime(entry.time), format.utc(entry.time)],
        [t("call"), [call.method, call.uri].filter(Boolean).join(" ")],
        [t("status code"), call.statusCode?.toString()],
        [t("ray ID"), call.rayId],
        [t("entry ID"), entry.id],
      ],
    ],
  ];
  return groups.flatMap(([name, facts]) => {
    const known = facts.flatMap(([fact, value, title]): Fact[] =>
      value ? [title === undefined ? { name: fact, value } : { name: fact, value, title }] : [],
    );
    return known.length > 0 ? [{ name, facts: known }] : [];
  });
}
