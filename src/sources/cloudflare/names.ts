import type { GatewayNames } from "../../source/names.ts";

/** The host of the dashboard. */
export const DASHBOARD = "dash.cloudflare.com";

/** Where the dashboard lists the gateways of the account that is signed in there. */
export const DASHBOARD_GATEWAYS = `https://${DASHBOARD}/?to=/:account/ai/ai-gateway`;

/** The names of Cloudflare's gateway in programs (API notes: Headers; Events and steps). */
export const NAMES: GatewayNames = {
  host: "gateway.ai.cloudflare.com",
  headers: {
    logId: "cf-aig-log-id",
    token: "cf-aig-authorization",
    metadata: "cf-aig-metadata",
    skipCache: "cf-aig-skip-cache",
    collectLog: "cf-aig-collect-log",
    collectBodies: "cf-aig-collect-log-payload",
  },
  logIds: {
    // Ruby and Rack use underscores in headers.
    headers: /(?:HTTP_)?cf[-_]aig[-_](log|event|request)[-_]id/i,
    prefix: /(?:HTTP_)?cf[-_]aig[-_]/i,
    binding: "aiGatewayLogId",
    preview: /cf-aig-|aig(?:ateway)?_?log/i,
    lead: /cf-?aig/i,
    addresses: {
      // Of the dashboard or the API, possibly of a log.
      page: /([0-9a-f]{32})\/(?:ai\/)?ai-gateway\/gateways\/([\w-]+)(?:\/logs\/([^\s"'`?#/&<>]+))?/i,
      call: /\/v1\/([0-9a-f]{32})\/([\w-]+)/i,
      account: /(?:accounts|dash\.cloudflare\.com)\/([0-9a-f]{32})(?![0-9a-z])/i,
    },
  },
};
