import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";
import { type KnownPlate, PlateInput, type PlateLineProblem, PlateList } from "#contract/plates.ts";

export type PlateFields = Omit<KnownPlate, "id">;
type Problem = { line: number; problem: PlateLineProblem; text: string };

export type ReadPlates = { rows: { line: number; fields: PlateFields }[]; problems: Problem[] };

/** Names of columns as files have them, without accents and in small letters. */
const COLUMNS = {
  plate: ["plate", "placa", "license plate", "licence plate"],
  list: ["list", "lista", "tipo", "type"],
  note: ["note", "notes", "nota", "observacao", "observacoes", "obs", "descricao", "nome", "name"],
  validFrom: ["valid from", "valida de", "valido de", "inicio", "de", "from"],
  validUntil: ["valid until", "valida ate", "valido ate", "validade", "fim", "ate", "until"],
};
type Column = keyof typeof COLUMNS;
/** The order of a file without names of columns, and of an export. */
const ORDER: Column[] = ["plate", "list", "note", "validFrom", "validUntil"];

const LISTS: Record<PlateList, string[]> = {
  allowed: [
    "allowed",
    "permitida",
    "permitidas",
    "permitido",
    "liberada",
    "liberado",
    "autorizada",
    "autorizado",
  ],
  watched: [
    "watched",
    "vigiada",
    "vigiadas",
    "vigiado",
    "observada",
    "observado",
    "monitorada",
    "monitorado",
  ],
};

/**
 * Reads a file of plates as people have it: columns by name (English or Portuguese) or in the order of an export,
 * between commas, semicolons or tabs, days as 2026-12-31 or 31/12/2026. `list`: of lines that name none. Never throws.
 */
export function readPlates(text: string, list: PlateList): ReadPlates {
  const read: ReadPlates = { rows: [], problems: [] };
  const records = splitLines(text, read.problems);
  const [first] = records;
  if (!first) {
    if (read.problems.length === 0) read.problems.push({ line: 1, problem: "no_rows", text: "" });
    return read;
  }
  const named = columnsOf(first.cells);
  const hasNames = named.includes("plate");
  if (!hasNames && !PlateInput.shape.plate.safeParse(first.cells[0]).success) {
    read.problems.push({ line: first.line, problem: "no_plate_column", text: short(first.cells.join(" ")) });
    return read;
  }
  const seen = new Set<string>();
  for (const { line, cells } of hasNames ? records.slice(1) : records) {
    const result = fieldsOf(cells, hasNames ? named : ORDER, list);
    if ("problem" in result) read.problems.push({ line, ...result });
    else if (seen.has(result.plate)) read.problems.push({ line, problem: "repeated", text: result.plate });
    else {
      seen.add(result.plate);
      read.rows.push({ line, fields: result });
    }
  }
  return read;
}

function splitLines(text: string, problems: Problem[]): { line: number; cells: string[] }[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      // `info: true` wraps each record so; without names of columns a record is its cells.
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record.map(unguarded) }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    problems.push({ line, problem: "unreadable", text: short(error.message) });
    return [];
  }
}

/** The one that stands most often in the first line. */
function separatorOf(text: string): string {
  const [first = ""] = text.split(/\r?\n/, 1);
  const count = (separator: string) => first.split(separator).length;
  return [",", ";", "\t"].toSorted((a, b) => count(b) - count(a))[0] ?? ",";
}

/** An export puts ' before what a spreadsheet would take for a formula. */
const unguarded = (cell: string): string => (/^'[=+\-@]/.test(cell) ? cell.slice(1) : cell);

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();

const columnsOf = (names: string[]): (Column | undefined)[] =>
  names.map((name) => ORDER.find((column) => COLUMNS[column].includes(plain(name))));

type Cells = Partial<Record<Column, string>>;

function fieldsOf(
  values: string[],
  columns: (Column | undefined)[],
  list: PlateList,
): PlateFields | Omit<Problem, "line"> {
  const cells: Cells = {};
  for (const [at, column] of columns.entries()) if (column) cells[column] ??= values[at] ?? "";
  const named = cells.list ? listOf(cells.list) : list;
  if (!named) return { problem: "bad_list", text: short(cells.list ?? "") };
  const input = {
    plate: cells.plate ?? "",
    list: named,
    note: cells.note ?? "",
    validFrom: dayOf(cells.validFrom),
    validUntil: dayOf(cells.validUntil),
  };
  const result = PlateInput.safeParse(input);
  return result.success ? result.data : problemOf(result.error, cells);
}

const listOf = (text: string): PlateList | undefined =>
  PlateList.options.find((list) => LISTS[list].includes(plain(text)));

/** `31/12/2026` as `2026-12-31`; what is no day stays as it is, and is refused. */
function dayOf(text: string | undefined): string | null {
  if (!text) return null;
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  return day && month && year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
}

function problemOf(error: z.ZodError, cells: Cells): Omit<Problem, "line"> {
  const issue = error.issues[0];
  const field = issue?.path[0];
  if (field === "note") return { problem: "long_note", text: short(cells.note ?? "") };
  if (field !== "validFrom" && field !== "validUntil")
    return { problem: "bad_plate", text: short(cells.plate ?? "") };
  if (issue?.code === "custom")
    return { problem: "days_swapped", text: `${cells.validFrom} - ${cells.validUntil}` };
  return { problem: "bad_day", text: short(cells[field] ?? "") };
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
