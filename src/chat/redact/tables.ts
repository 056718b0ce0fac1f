// Finds tables in a text (Markdown, CSV and the like) with a column of secrets.

import { isSecretOf, kindOf, type Kind } from "./names.ts";

type Cell = { start: number; end: number };
type Line = { start: number; end: number };
type Table = { separator: string; cells: number; columns: { index: number; kind: Kind }[]; pair: Pair | undefined };
/** A column of names, and the column of their values. */
type Pair = { name: number; value: number };

/** Longer lines aren't rows that a person wrote. */
const LONGEST_LINE = 2000;
const NAMES = /^(?:name|key|variable|setting|field|header|parameter|property|option)$/i;
const VALUES = /^(?:value|val|content)$/i;
const AROUND = /[\s"'`*]/;
const RULE_LINE = /^[\s|:+-]+$/;

/** Returns the cells under a secret's name. */
export function secretCellsIn(text: string): Cell[] {
  const found: Cell[] = [];
  let table: Table | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = { start, end };
    start = end + 1;
    if (end - line.start > LONGEST_LINE) {
      table = undefined;
      continue;
    }
    if (table && RULE_LINE.test(text.slice(line.start, line.end))) continue;
    const cells = table && cellsOf(text, line, table.separator);
    if (table && cells?.length === table.cells) {
      for (const { index, kind } of table.columns) {
        const cell = cells[index];
        if (cell && isSecretOf(kind, text.slice(cell.start, cell.end)) && text[cell.start] !== "[") found.push(cell);
      }
      const value = table.pair && valueBeside(text, cells, table.pair);
      if (value) found.push(value);
      continue;
    }
    table = end < text.length ? tableOf(text, line) : undefined;
  }
  return found;
}

/** Returns the table that begins with a header line. */
function tableOf(text: string, line: Line): Table | undefined {
  const separator = /[|,\t;]/.exec(text.slice(line.start, line.end))?.[0];
  if (separator === undefined) return undefined;
  const cells = cellsOf(text, line, separator);
  const names = cells.map(({ start, end }) => text.slice(start, end));
  if (cells.length < 2 || !names.every((name) => /^[\p{L}\p{N}_ .*()-]{0,40}$/u.test(name))) return undefined;
  const columns = names.flatMap((name, index) => {
    const kind = kindOf(name.replaceAll("*", ""));
    return kind === undefined ? [] : [{ index, kind }];
  });
  const pair = {
    name: names.findIndex((name) => NAMES.test(name)),
    value: names.findIndex((name) => VALUES.test(name)),
  };
  const isPaired = pair.name >= 0 && pair.value >= 0;
  if (columns.length === 0 && !isPaired) return undefined;
  return { separator, cells: cells.length, columns, pair: isPaired ? pair : undefined };
}

/** Returns the value in a row that has a secret's name. */
function valueBeside(text: string, cells: readonly Cell[], { name, value }: Pair): Cell | undefined {
  const [named, cell] = [cells[name], cells[value]];
  if (!named || !cell || text[cell.start] === "[") return undefined;
  const kind = kindOf(text.slice(named.start, named.end));
  return isSecretOf(kind, text.slice(cell.start, cell.end)) ? cell : undefined;
}

/** Splits a row into cells, without surrounding white space, quotes and emphasis. */
function cellsOf(text: string, { start, end }: Line, separator: string): Cell[] {
  const cells: Cell[] = [];
  for (let from = start; from <= end;) {
    const at = text.indexOf(separator, from);
    const to = at === -1 || at > end ? end : at;
    let [first, last] = [from, to];
    while (first < last && AROUND.test(text[first] ?? "")) first++;
    while (last > first && AROUND.test(text[last - 1] ?? "")) last--;
    const isEdge = separator === "|" && first === last && (from === start || to === end);
    if (!isEdge) cells.push({ start: first, end: last });
    from = to + 1;
  }
  return cells;
}
