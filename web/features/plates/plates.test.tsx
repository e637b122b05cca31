import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { KnownPlate } from "#contract/plates.ts";
import { rendered } from "../../locales/rendered.memory.tsx";
import { ImportReport } from "./ImportReport.tsx";
import { emptyForm, formOf, inputOf, problemsOf } from "./plate-form.ts";
import { filtered, standingOn } from "./plate-list.ts";

const aPlate = (overrides: Partial<KnownPlate> = {}): KnownPlate => ({
  id: anId(),
  plate: "ABC1D23",
  list: "allowed",
  note: "",
  validFrom: null,
  validUntil: null,
  ...overrides,
});

test("a search finds plates however they are written, and notes without their accents", () => {
  const plates = [aPlate(), aPlate({ plate: "XYZ9K87", note: "João, bloco 2", list: "watched" })];
  const found = (text: string, list: "all" | "watched" = "all") =>
    filtered(plates, { list, text }).map(({ plate }) => plate);
  expect(found("abc-1d")).toEqual(["ABC1D23"]);
  expect(found("joao")).toEqual(["XYZ9K87"]);
  expect(found("")).toEqual(["ABC1D23", "XYZ9K87"]);
  expect(found("", "watched")).toEqual(["XYZ9K87"]);
  expect(found(" - ")).toEqual([]);
});

test("a plate stands out of its days as expired or not yet valid", () => {
  const plate = aPlate({ validFrom: "2026-11-02", validUntil: "2026-11-03" });
  const standings = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"].map((day) =>
    standingOn(day, plate),
  );
  expect(standings).toEqual(["future", "valid", "valid", "over"]);
});

test("the form says what is wrong where it is wrong", () => {
  expect(problemsOf(emptyForm())).toEqual({ plate: "plate" });
  const values = { ...emptyForm(), plate: "abc 1d23", validFrom: "2026-05-02", validUntil: "2026-05-01" };
  expect(problemsOf(values)).toEqual({ validUntil: "days" });
  expect(problemsOf({ ...values, validUntil: "", note: "x".repeat(201) })).toEqual({ note: "note" });
  expect(problemsOf({ ...values, validUntil: "" })).toEqual({});
});

test("a plate that was opened and not touched is sent as it was", () => {
  const { id: _, ...fields } = aPlate({ note: "Ana", validUntil: "2026-12-31" });
  expect(inputOf(formOf({ id: anId(), ...fields }))).toEqual(fields);
});

test("a report says what was taken in and, line by line, what was not", () => {
  const problems = [{ line: 7, problem: "bad_plate" as const, text: "nada" }];
  const report = rendered(<ImportReport report={{ added: 2, changed: 1, unchanged: 0, problems }} />);
  for (const words of ["2 new plates", "1 changed", "none the same", "1 line was left out", "7", "nada"])
    expect(report).toContain(words);
  const nothing = rendered(
    <ImportReport report={{ added: 0, changed: 0, unchanged: 0, problems }} />,
    "pt-BR",
  );
  expect(nothing).not.toContain("nova");
  expect(nothing).toContain("1 linha ficou de fora");
});
