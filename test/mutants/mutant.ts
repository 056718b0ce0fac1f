/** A small, harmful change to the source, and the unit tests that must notice it. */
export type Mutant = {
  id: string;
  /** The source file, from the project's folder. */
  file: string;
  /** Text that occurs exactly once. */
  text: string;
  /** Its replacement. */
  replacement: string;
  /** Test files of `test/unit`: at least one must fail. */
  tests: readonly [string, ...string[]];
};

type Change = readonly [text: string, replacement: string];

/** Mutants of one file, by ID, for the same tests. */
export function mutantsOf(
  file: string,
  tests: readonly [string, ...string[]],
  changes: Readonly<Record<string, Change>>,
): Mutant[] {
  return Object.entries(changes).map(([id, [text, replacement]]) => ({ id, file, text, replacement, tests }));
}

/**
 * Returns the source with the mutant's change.
 * @throws Error unless its text occurs exactly once: the source has changed, and the mutant must follow
 */
export function mutated({ id, file, text, replacement }: Mutant, source: string): string {
  const count = source.split(text).length - 1;
  if (count !== 1) throw new Error(`The mutant ${id} is stale: its text occurs ${count} times in ${file}.`);
  return source.replace(text, () => replacement);
}
