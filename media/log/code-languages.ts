import { common, createLowlight } from "lowlight";

/** Code in colours: text, or what holds some under the classes of its colours. */
export type Coloured = string | { classes: string; children: Coloured[] };

/** How sure the highlighter must be of a language that nobody named. */
const SURE = 6;

/** The languages that are looked for where none is named. */
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
 * Says which parts of a code are what; undefined where the language is not known or cannot be told.
 * @param language by any of its names; "" to tell it from the text
 */
export function colourCode(text: string, language: string): Coloured[] | undefined {
  const tree = treeOf(text, language);
  return tree && coloured(tree);
}
