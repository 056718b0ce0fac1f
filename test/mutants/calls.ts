// Calls to the API: where the token goes, and what is sent twice.
import { mutantsOf } from "./mutant.ts";

const CLIENT = ["cloudflare/requests.test.ts", "cloudflare/client.test.ts", "cloudflare/changes.test.ts"] as const;
const TRANSPORT = ["http/transport.test.ts", "http/transport-proxy.test.ts"] as const;

export const CALLS = [
  ...mutantsOf("src/sources/cloudflare/http/call.ts", CLIENT, {
    "call-follows-redirects": ['redirect: "manual"', 'redirect: "follow"'],
    "call-without-token": ["if (!credentials)", "if (false)"],
    "call-token-of-any-characters": ["/[^\\x21-\\x7e]/.test(text)", "false"],
    "call-change-given-up": ["isRead(outgoing) ? signal : undefined", "signal"],
    "call-failure-taken-for-success": ["if (!envelope.success)", "if (false)"],
    "call-status-not-looked-at": ["if (!isSuccess(answer.status)) throw failure(answer, envelope)", ""],
    "call-body-of-a-failure": ["if (!isSuccess(answer.status)) throw failure(answer);", ""],
    "call-stale-read-after-change": ["this.#inFlight.forget()", "undefined"],
    "call-trace-with-token": ["trace?.(hide(line))", "trace?.(`${String(credentials)} ${line}`)"],
    "call-retry-not-counted": ["onRetry: () => budget.countRetry()", "onRetry: () => undefined"],
    "call-block-not-kept": ["if (response.status === 429 && answered.retryAt)", "if (false as boolean)"],
  }),
  ...mutantsOf("src/http/transport.ts", TRANSPORT, {
    "transport-follows-redirects": ['{ ...given, redirect: "manual" }', "{ ...given }"],
    "transport-plain-http": [
      'url.protocol !== "https:" && !(url.protocol',
      'url.protocol === "ftp:" && !(url.protocol',
    ],
    "transport-fallback-after-sending": ["if (sent || !failure ||", "if (!failure ||"],
    "transport-any-certificate": ["options.proxy?.strictSSL ?? true", "options.proxy?.strictSSL ?? false"],
    "transport-open-after-closing": ["if (closing.signal.aborted) throw", "if (false as boolean) throw"],
    "transport-fallback-after-refusal": ['if (!fallback || (status && status !== "407"))', "if (!fallback)"],
  }),
  ...mutantsOf("src/http/transport.ts", ["http/transport-retry.test.ts"], {
    "transport-change-sent-twice": ['["GET", "HEAD"].includes', '["GET", "HEAD", "PATCH", "DELETE", "POST"].includes'],
    "transport-misdirected-sent-twice": ["if (dispatched) throw", "if (false as boolean) throw"],
    "transport-repeats-half-an-answer": ["progress.answered || signals.some", "signals.some"],
  }),
  ...mutantsOf("src/http/retry.ts", ["http/transport-retry.test.ts"], {
    "retry-of-refusals": ["statusCode !== 429 && statusCode < 500", "statusCode < 400"],
  }),
  ...mutantsOf("src/http/proxy.ts", ["http/transport-route.test.ts"], {
    "proxy-for-this-machine": ['settings.support === "off" || isLoopback(url)', 'settings.support === "off"'],
    "proxy-of-names-like-localhost": ['host === "localhost"', 'host.endsWith("localhost")'],
    "proxy-password-in-address": ["uri: proxy.origin", "uri: proxy.href"],
    "proxy-exceptions-ignored": ["!address || isExempt(url, exceptions)", "!address"],
    "proxy-of-any-kind": ['proxy.protocol !== "http:" && proxy.protocol !== "https:"', "false"],
    "proxy-port-of-exceptions": ["ofPort && ofPort !== port", "false"],
    "proxy-turned-off": ['settings.support === "off" ||', ""],
  }),
  ...mutantsOf("src/sources/cloudflare/http/budget.ts", ["cloudflare/budget.test.ts"], {
    "budget-without-limit": ["if (this.used < this.#limit) return undefined;", "return undefined;"],
    "budget-ignores-a-block": ["if (this.#blockedUntil > now) return this.#blockedUntil;", ""],
    "budget-shared-by-tokens": ["update(secret)", 'update("")'],
  }),
  ...mutantsOf("src/source/body-text.ts", CLIENT, {
    "logs-bytes-as-text": ["contentType && !textual.test(contentType)", "false"],
    "logs-lossy-text": ['new TextDecoder("utf-8", { fatal: true,', 'new TextDecoder("utf-8", { fatal: false,'],
  }),
  ...mutantsOf("src/sources/cloudflare/logs.ts", CLIENT, {
    "logs-path-of-dots": ["/^\\.*$/.test(ref.logId)", "false"],
    "logs-path-unencoded": ["encodeURIComponent(ref.logId)", "ref.logId"],
    "logs-filter-ignored": ["!found.every((log) => answersFilter(log, filters))", "false"],
    "logs-unmeant-shown": ["found.filter((log) => matches(log, filters))", "found"],
    "logs-unchecked-conditions": ["checkConditions(filters);", ""],
    "logs-unchecked-changes": ["checkChanges(changes);", ""],
  }),
];
