import { dirname } from "node:path";

/** The project's folder, absolute. */
export const root: string = dirname(import.meta.dirname);
