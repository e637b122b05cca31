import { expect, test } from "vitest";
import { snapshotName } from "./snapshot.ts";

const atMs = new Date(2026, 10, 21, 9, 4, 7).getTime();

test("a snapshot is named after its camera and the shop's own time", () => {
  expect(snapshotName("Caixa 1", atMs)).toBe("Caixa-1_2026-11-21_09-04-07.jpg");
  expect(snapshotName("Padaria & Café", atMs)).toBe("Padaria-Café_2026-11-21_09-04-07.jpg");
});

test("what a file name may not hold is left out", () => {
  expect(snapshotName("../a:b\\c?", atMs)).toBe("a-b-c_2026-11-21_09-04-07.jpg");
  expect(snapshotName("***", atMs)).toBe("camera_2026-11-21_09-04-07.jpg");
});
