import { NAMES } from "../../../../src/sources/cloudflare/names.ts";

/** The gateway that recorded calls went through. */
export const THROUGH = { origin: `https://${NAMES.host}`, tokenHeader: NAMES.headers.token };
