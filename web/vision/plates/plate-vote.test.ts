import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlateRead } from "./plate-reader.ts";
import { addRead, type PlateVote, verdictOf } from "./plate-vote.ts";
import { aRead } from "./plates.memory.ts";

function voteOf(reads: { read: PlateRead; atMs: number }[]): PlateVote {
  let vote: PlateVote | null = null;
  for (const { read, atMs } of reads) vote = addRead(vote, read, atMs);
  if (!vote) throw new Error("nobody voted");
  return vote;
}
const inTurn = (...reads: PlateRead[]) => voteOf(reads.map((read, at) => ({ read, atMs: at * 1_000 })));

test("one read says as much as it said itself", () => {
  const read = aRead("ABC1D23", 0.8);
  expect(verdictOf(inTurn(read), 0.7)).toMatchObject({ plate: "ABC1D23", layout: "mercosul", reads: 1 });
  expect(verdictOf(inTurn(read), 0.7)?.confidence).toBeCloseTo(read.confidence, 2);
});

test("the picture that was read best is the one to show", () => {
  const best = { ...aRead("ABC1D23", 0.99), box: { left: 0.2, top: 0.2, width: 0.3, height: 0.1 } };
  const verdict = verdictOf(inTurn(aRead("ABC1D23", 0.9), best, aRead("ABC1D23", 0.8)), 0.7);
  expect(verdict).toMatchObject({ bestAtMs: 1_000, box: best.box, reads: 3 });
});

test("each character is voted on alone: no picture need have read all of them", () => {
  const reads = [aRead("OBC1D23"), aRead("ABO1D23"), aRead("ABC1D28")];
  expect(verdictOf(inTurn(...reads), 0.5)?.plate).toBe("ABC1D23");
});

test("a sure read outweighs a doubtful one", () => {
  expect(verdictOf(inTurn(aRead("QBC1234", 0.65), aRead("OBC1234", 0.95)), 0.5)?.plate).toBe("OBC1234");
});

test("reads that contradict each other are not sure enough", () => {
  expect(verdictOf(inTurn(aRead("ABC1D23"), aRead("XYZ9K87")), 0.7)).toBe(null);
});

test("exactly the least confidence is not above it", () => {
  const vote = inTurn(aRead("ABC1D23", 0.7));
  const confidence = verdictOf(vote, 0)?.confidence ?? 0;
  expect(verdictOf(vote, confidence)).toBe(null);
});

const letters = (set: string) => fc.constantFrom(...set);
const plates = fc
  .tuple(...[..."LLLNXNN"].map((kind) => letters(kind === "L" ? "ABOQ" : kind === "N" ? "018" : "A18B")))
  .map((parts) => parts.join(""));
const someReads = fc.array(
  fc.record({
    read: fc
      .tuple(plates, fc.double({ min: 0.3, max: 0.999, noNaN: true }))
      .map(([plate, sure]) => aRead(plate, sure)),
    atMs: fc.nat(20_000),
  }),
  { minLength: 1, maxLength: 8 },
);

test("the order of the reads changes nothing at all", () => {
  fc.assert(
    fc.property(someReads, fc.infiniteStream(fc.nat()), (reads, picks) => {
      const left = [...reads];
      const shuffled = reads.flatMap(() => left.splice((picks.next().value ?? 0) % left.length, 1));
      const [one, other] = [voteOf(reads), voteOf(shuffled)];
      expect(other.sums).toEqual(one.sums);
      expect(verdictOf(other, 0)?.plate).toBe(verdictOf(one, 0)?.plate);
      expect(other.best.atMs).toBe(one.best.atMs);
    }),
  );
});

test("a verdict always has a layout of Brazil and a confidence that is one", () => {
  fc.assert(
    fc.property(someReads, (reads) => {
      const verdict = verdictOf(voteOf(reads), 0);
      expect(verdict?.plate).toMatch(verdict?.layout === "old" ? /^[A-Z]{3}\d{4}$/ : /^[A-Z]{3}\d[A-Z]\d\d$/);
      expect(verdict?.confidence).toBeGreaterThan(0);
      expect(verdict?.confidence).toBeLessThanOrEqual(1);
      expect(verdict?.reads).toBe(reads.length);
    }),
  );
});
