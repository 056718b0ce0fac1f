import type { GatewayNames } from "../source/names.ts";
import { NAMES } from "../sources/cloudflare/names.ts";

/** The names of the gateway that programs call. Of the kinds of sources, only Cloudflare's gives programs IDs of logs. */
export const GATEWAY_NAMES: GatewayNames = NAMES;
