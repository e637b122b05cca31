import { runFaultRounds } from "../support/faults/run-rounds.ts";
import { expect, test } from "../support/fixtures.ts";

const ROUNDS = 20;
/** Of `npm run bench faults`, which has many more rounds and other seeds. */
const SEED = 6;

test("in 20 rounds of faults nothing is lost, nothing comes twice, and the ledgers balance", async ({
  browser,
}, info) => {
  test.setTimeout(300_000); // about 40 s on a machine that does nothing else
  const lines: string[] = [];
  const run = await runFaultRounds({ browser, seed: SEED, rounds: ROUNDS, tell: (line) => lines.push(line) });
  await info.attach("rounds", { body: lines.join("\n"), contentType: "text/plain" });
  for (const [fault, reason] of run.missing)
    info.annotations.push({ type: "left out", description: `${fault}: ${reason}` });
  expect(run.unbalanced).toEqual([]);
  expect(run.lost).toEqual([]);
  expect(run.twice).toEqual([]);
  expect(run.kept).toBeGreaterThan(ROUNDS * 5);
  expect(run.stored).toBeGreaterThanOrEqual(run.kept);
});
