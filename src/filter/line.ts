import type { Filter } from "../cloudflare/filter/query-line.ts";
import { PlainError } from "../words/explain.ts";
import type { Calendar } from "../logs/days.ts";

/** A query line could not be read: it says where and why. */
export class BadFilter extends PlainError {}

/** A query line as it is meant now. @throws BadFilter when it is none */
export async function readFilter(line: string, { zone }: Pick<Calendar, "zone">): Promise<Filter> {
  if (line === "") return { conditions: [], search: "", here: [] };
  const { parseFilter } = await import("../cloudflare/filter/query-line.ts");
  const { problems, ...filter } = parseFilter(line, new Date(), zone);
  const [problem] = problems;
  if (!problem) return filter;
  const { explainProblem } = await import("./words.ts");
  throw new BadFilter(explainProblem(problem, line));
}
