import { common, createLowlight } from "lowlight";

/** Highlighted code: text, or nested tokens with CSS classes. */
export type Coloured = string | { classes: string; children: Coloured[] };

/** Minimum relevance for a detected language. */
const SURE = 6;

/** Languages to detect if a block names none. */
const DETECTED = ["bash", "cpp", "css", "go", "java", "javascript", "json", "python", "rust", "sql", "xml", "yaml"];

const lowlight = createLowlight(common);
lowlight.registerAlias({ javascript: ["node"], bash: ["console", "shell", "shellsession"], xml: ["vue", "svelte"] });

type Tree = ReturnType<typeof lowlight.highlight>;

function treeOf(text: string, language: string): Tree | undefined {
  if (language === "") {
    const tree = lowlight.highlightAuto(text, { subset: DETECTED });
    return (tree.data?.relevance ?? 0) >= SURE ? tree : undefined;
  }
  const name = language.toLowerCase();
  return lowlight.registered(name) ? lowlight.highlight(name, text) : undefined;
}

function coloured({ children }: Pick<Tree, "children">): Coloured[] {
  return children.flatMap((child): Coloured[] => {
    if (child.type === "text") return [child.value];
    if (child.type !== "element") return [];
    const { className } = child.properties;
    return [{ classes: Array.isArray(className) ? className.join(" ") : "", children: coloured(child) }];
  });
}

/**
 * Highlights code; undefined if the language is unknown or can't be detected.
 * @param language by any of its names; "" to detect it
 */
export function colourCode(text: string, language: string): Coloured[] | undefined {
  const tree = treeOf(text, language);
  return tree && coloured(tree);
}
