import fc from "fast-check";
import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { readPlates } from "./read-plates.ts";
import { writePlates } from "./write-plates.ts";

const fieldsOf = (text: string) => readPlates(text, "allowed").rows.map(({ fields }) => fields);
const problemsOf = (text: string) =>
  readPlates(text, "allowed").problems.map(({ line, problem, text: cell }) => [line, problem, cell]);

test("a Brazilian spreadsheet is read: semicolons, Portuguese names, days with the day first", () => {
  const file =
    "Placa;Lista;Observação;Válida de;Válida até\r\nabc-1d23;Vigiada;Não pagou;01/02/2026;31/12/2026\r\n";
  expect(fieldsOf(file)).toEqual([
    {
      plate: "ABC1D23",
      list: "watched",
      note: "Não pagou",
      validFrom: "2026-02-01",
      validUntil: "2026-12-31",
    },
  ]);
});

test("a plain list of plates is read, for the list that was chosen", () => {
  expect(readPlates("ABC1234\nXYZ9K87\n", "watched").rows).toMatchObject([
    { line: 1, fields: { plate: "ABC1234", list: "watched" } },
    { line: 2, fields: { plate: "XYZ9K87" } },
  ]);
});

test("columns are found by name in any order, and what is not known is passed over", () => {
  expect(fieldsOf("Unit,Note,License plate\n12,Ana,ABC1234")).toMatchObject([
    { plate: "ABC1234", note: "Ana" },
  ]);
});

test("a quoted note may hold separators, quotes and lines; later lines keep their numbers", () => {
  const file = 'plate,note\nABC1234,"one, ""two""\nthree"\nnonsense,';
  expect(fieldsOf(file)[0]?.note).toBe('one, "two"\nthree');
  expect(problemsOf(file)).toEqual([[4, "bad_plate", "nonsense"]]);
});

test("each line that is wrong says what is wrong with it", () => {
  const file = [
    "plate,list,note,valid_from,valid_until",
    "ABC12345,allowed,,,",
    "ABC1234,vip,,,",
    "ABC1235,allowed,,31/02/2026,",
    "ABC1236,allowed,,2026-05-02,2026-05-01",
    `ABC1237,allowed,${"x".repeat(201)},,`,
    "ABC1238,allowed,,,",
    "abc-1238,watched,,,",
    ",allowed,,,",
  ].join("\n");
  expect(problemsOf(file)).toEqual([
    [2, "bad_plate", "ABC12345"],
    [3, "bad_list", "vip"],
    [4, "bad_day", "31/02/2026"],
    [5, "days_swapped", "2026-05-02 - 2026-05-01"],
    [6, "long_note", `${"x".repeat(59)}…`],
    [8, "repeated", "ABC1238"],
    [9, "bad_plate", ""],
  ]);
});

test("a file without plates says so", () => {
  expect(problemsOf("")).toEqual([[1, "no_rows", ""]]);
  expect(problemsOf("name,street\nAna,Rua 1")).toEqual([[1, "no_plate_column", "name street"]]);
});

const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2040-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const letter = fc.constantFrom(..."ABCXYZ");
const digit = fc.constantFrom(..."0189");
const plate = fc
  .tuple(letter, letter, letter, digit, fc.oneof(letter, digit), digit, digit)
  .map((parts) => parts.join(""));
const note = fc
  .oneof(fc.string({ maxLength: 40 }), fc.constantFrom("=1+1", "-x", "@me", "+55 11", "a;b", 'say "x"', "é"))
  // what a spreadsheet cannot keep: control characters, and spaces around
  .map((text) => text.replace(/[\p{Cc}\uFEFF]/gu, "").trim())
  .filter((text) => !text.startsWith("'"));

test("what is written is read again as it was, whatever stands in the notes", () => {
  const known = fc.record({
    id: fc.constant(anId()),
    plate,
    list: fc.constantFrom("allowed" as const, "watched" as const),
    note,
    validFrom: fc.option(day),
    validUntil: fc.constant(null),
  });
  const lists = fc.uniqueArray(known, { selector: (each) => each.plate, minLength: 1 });
  fc.assert(
    fc.property(lists, fc.constantFrom("," as const, ";" as const), (plates, separator) => {
      const read = readPlates(writePlates(plates, separator), "watched");
      expect(read.problems).toEqual([]);
      expect(read.rows.map(({ fields }) => fields)).toEqual(plates.map(({ id: _, ...fields }) => fields));
    }),
  );
});

test("no cell of an export begins as a formula does", () => {
  const plates = ["=1+1", "+1", "-1", "@x"].map((text, at) => ({
    id: anId(),
    plate: `ABC123${at}`,
    list: "allowed" as const,
    note: text,
    validFrom: null,
    validUntil: null,
  }));
  for (const line of writePlates(plates, ";").split("\r\n").slice(1)) expect(line).not.toMatch(/;[=+\-@]/);
});

test("whatever is dropped in, it is read or refused line by line, never thrown", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."AB1;,\"\n\r\t '=\u0000é"), maxLength: 80 }), (text) => {
      const { rows, problems } = readPlates(text, "allowed");
      expect(rows.length + problems.length).toBeGreaterThan(0);
    }),
  );
});
