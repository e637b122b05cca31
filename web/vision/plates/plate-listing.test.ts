import { expect, test } from "vitest";
import { listingOf } from "./plate-listing.ts";
import { aKnownPlate } from "./plates.memory.ts";

const LISTS = [
  aKnownPlate({ plate: "AAA1A11" }),
  aKnownPlate({ plate: "OOO1A11", list: "watched", note: "fraud" }),
];

test("an allowed plate is only read, a watched one is listed, only one on no list is unlisted", () => {
  expect(listingOf("AAA1A11", LISTS).listing).toBeNull();
  expect(listingOf("OOO1A11", LISTS).listing).toBe("plate_listed");
  expect(listingOf("XYZ9Z99", LISTS).listing).toBe("plate_unlisted");
});

test("a plate that only looks like a watched one is told, and says so", () => {
  expect(listingOf("QDO1A11", LISTS)).toEqual({
    listing: "plate_listed",
    listed: { list: "watched", match: "tolerant", plate: "OOO1A11", note: "fraud" },
  });
});

test("a plate on no list has nothing beside it", () => {
  expect(listingOf("XYZ9Z99", LISTS)).not.toHaveProperty("listed");
});
