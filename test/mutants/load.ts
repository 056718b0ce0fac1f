// node --import "load.ts?{the mutant as JSON}" changes one source file while it's loaded; no file is touched.
import { type ModuleSource, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/root.ts";
import { mutated, type Mutant } from "./mutant.ts";

const mutant = JSON.parse(decodeURIComponent(new URL(import.meta.url).search.slice(1))) as Mutant;
/** A source as the loader has it. */
function textOf(source: ModuleSource | undefined): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

const target = pathToFileURL(join(root, mutant.file)).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    return { ...loaded, source: mutated(mutant, textOf(loaded.source)) };
  },
});
