import { expect, test } from "vitest";
import { dayAt, judgePlate, matchPlate, validOn } from "./plate-match.ts";
import { aKnownPlate } from "./plates.memory.ts";

const listOf = (...plates: string[]) => plates.map((plate) => aKnownPlate({ plate }));

test("a plate that is listed matches exactly, whatever looks like it", () => {
  expect(matchPlate("OBC1D23", listOf("QBC1D23", "OBC1D23"))).toMatchObject({
    match: "exact",
    known: { plate: "OBC1D23" },
  });
});

test.each([
  ["QBC1D23", "OBC1D23", [0]],
  ["DBC1D23", "OBC1D23", [0]],
  ["ABC1O23", "ABC1023", [4]],
  ["ABC1I34", "ABC1134", [4]],
  ["ABC1B34", "ABC1834", [4]],
  ["ABC1S34", "ABC1534", [4]],
  ["ABC1Z34", "ABC1234", [4]],
  ["QDO1D23", "OOO1D23", [0, 1]],
])("%s may be %s, and is said to be only alike", (read, known, differs) => {
  expect(matchPlate(read, listOf(known))).toMatchObject({
    match: "tolerant",
    known: { plate: known },
    differs,
  });
});

test.each([
  ["ABC1D23", "ABC1D24"],
  ["JBC1D23", "IBC1D23"],
  ["ABC7D23", "ABC1D23"],
])("%s is not %s", (read, known) => {
  expect(matchPlate(read, listOf(known))).toEqual({ match: "none" });
});

test("of those that look alike the one with the fewest differences is taken", () => {
  expect(matchPlate("QQQ1D23", listOf("ODD1D23", "QQO1D23"))).toMatchObject({ known: { plate: "QQO1D23" } });
});

test("a plate counts from its first to its last day", () => {
  const plate = aKnownPlate({ validFrom: "2026-11-01", validUntil: "2026-11-30" });
  const counts = (day: string) => validOn([plate], day).length === 1;
  expect(["2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"].map(counts)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(validOn([aKnownPlate()], "2026-11-01")).toHaveLength(1);
});

test("the day is the shop's", () => {
  const atMs = Date.parse("2026-11-21T01:30:00Z");
  expect(dayAt(atMs, "America/Sao_Paulo")).toBe("2026-11-20");
  expect(dayAt(atMs, "Europe/Berlin")).toBe("2026-11-21");
});

test("each list is asked alone: an allowed plate may look like a watched one", () => {
  const plates = [aKnownPlate({ plate: "QBC1D23", list: "watched" }), aKnownPlate({ plate: "OBC1D23" })];
  expect(judgePlate("OBC1D23", plates)).toMatchObject({
    allowed: { match: "exact" },
    watched: { match: "tolerant" },
  });
});
