import { expect, test } from "vitest";
import { FAULTS, planRound } from "./plan-round.ts";

const rounds = (seed: number, count: number) =>
  Array.from({ length: count }, (_, round) => planRound(seed, round));

test("the same seed plans the same rounds, another seed others", () => {
  expect(rounds(7, 50)).toEqual(rounds(7, 50));
  expect(rounds(7, 50)).not.toEqual(rounds(8, 50));
});

test("every round has a fault, and strikes nothing twice at once", () => {
  for (const faults of rounds(1, 500)) {
    expect(faults.length).toBeGreaterThan(0);
    for (const names of Object.values(FAULTS)) {
      const struck = faults.filter(({ name }) => (names as readonly string[]).includes(name));
      expect(struck.length).toBeLessThanOrEqual(1);
    }
  }
});

test("300 rounds meet every fault several times, and together with others", () => {
  const planned = rounds(1, 300);
  for (const name of Object.values(FAULTS).flat()) {
    const met = planned.filter((faults) => faults.some((fault) => fault.name === name));
    expect(met.length, name).toBeGreaterThan(5);
  }
  expect(planned.filter((faults) => faults.length > 1).length).toBeGreaterThan(100);
});

test("what cannot be had is never planned, and no round is left empty", () => {
  const missing = new Set([...FAULTS.receiver, "disk_full"] as const);
  const planned = Array.from({ length: 300 }, (_, round) => planRound(1, round, missing));
  expect(planned.flat().filter(({ name }) => missing.has(name as never))).toEqual([]);
  expect(planned.filter((faults) => faults.length === 0)).toEqual([]);
});
