import type { Filter, FilterProblem } from "../query/query-line.ts";
import type { Zone } from "../logs/days.ts";
import type { Format } from "../logs/format.ts";
import { PlainError } from "../words/explain.ts";

/** A query line could not be read: it says where and why. */
export class BadFilter extends PlainError {}

/** What a line says, and what of it could not be read: with problems it is not to be used. */
export type ReadLine<Query> = Query & { problems: readonly FilterProblem[] };

/** A kind of query line, for logs or for the audit log: its parser and its words. */
export type LineDialect<Query> = {
  parse(line: string, now: Date, zone: Zone): ReadLine<Query>;
  /** A line in plain words; "" for an empty one. */
  describe(line: string, format: Format): string;
  /** Describes a problem with a piece of a line, and suggests a replacement. */
  explain(problem: FilterProblem, line: string): string;
};

/** A query line as it is meant now. @throws BadFilter when it is none */
export function readLine<Query>(dialect: LineDialect<Query>, line: string, zone: Zone): Query {
  const read = dialect.parse(line, new Date(), zone);
  const [problem] = read.problems;
  if (problem) throw new BadFilter(dialect.explain(problem, line));
  return read;
}

/** As `readLine`, of logs. @throws BadFilter */
export async function readFilter(line: string, { zone }: { zone: Zone }): Promise<Filter> {
  if (line === "") return { conditions: [], search: "", clientSide: [] };
  const { LOG_LINES } = await import("./words.ts");
  return readLine(LOG_LINES, line, zone);
}
