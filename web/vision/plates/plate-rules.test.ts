import { expect, test } from "vitest";
import { isPlateRule, type PlateRule, plateHappenings } from "./plate-rules.ts";
import type { Passage } from "./plate-stage.ts";
import { aKnownPlate } from "./plates.memory.ts";

const aRule = (kind: PlateRule["kind"]): PlateRule => ({
  id: `rule ${kind}`,
  name: kind,
  isEnabled: true,
  zoneId: null,
  hours: "always",
  kind,
});
const RULES = [aRule("plate_read"), aRule("plate_listed"), aRule("plate_unlisted")];

const aPassage = (plate: string): Passage => ({
  cameraId: "camera",
  trackId: 1,
  plate,
  layout: "mercosul",
  confidence: 0.9,
  reads: 4,
  bestAtMs: 1_000,
  box: { left: 0.1, top: 0.2, width: 0.1, height: 0.05 },
});
const LISTS = [
  aKnownPlate({ plate: "AAA1A11" }),
  aKnownPlate({ plate: "OOO1A11", list: "watched", note: "fraud" }),
];
const kindsOf = (plate: string) =>
  plateHappenings(aPassage(plate), RULES, LISTS).map(({ rule }) => rule.kind);

test("any plate is read, a watched one is listed, only one on no list is unlisted", () => {
  expect(kindsOf("AAA1A11")).toEqual(["plate_read"]);
  expect(kindsOf("OOO1A11")).toEqual(["plate_read", "plate_listed"]);
  expect(kindsOf("XYZ9Z99")).toEqual(["plate_read", "plate_unlisted"]);
});

test("a plate that only looks like a watched one is told, and says so", () => {
  const [, listed] = plateHappenings(aPassage("QDO1A11"), RULES, LISTS);
  expect(listed?.listed).toEqual({ list: "watched", match: "tolerant", plate: "OOO1A11", note: "fraud" });
  expect(listed?.payload).toMatchObject({
    rule: { kind: "plate_listed" },
    plate: "QDO1A11",
    layout: "mercosul",
    confidence: 0.9,
    reads: 4,
    boxes: [{ left: 0.1 }],
  });
});

test("a plate on no list has nothing beside it", () => {
  expect(plateHappenings(aPassage("XYZ9Z99"), RULES, LISTS)[0]).not.toHaveProperty("listed");
});

test("rules that are off, or about something else, ask for no plates", () => {
  expect(isPlateRule(aRule("plate_read"))).toBe(true);
  expect(isPlateRule({ ...aRule("plate_read"), isEnabled: false })).toBe(false);
  expect(isPlateRule({ ...aRule("plate_read"), kind: "restricted_area", afterS: 2 })).toBe(false);
});
