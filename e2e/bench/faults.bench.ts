import { chromium } from "@playwright/test";
import { runFaultRounds } from "../support/faults/run-rounds.ts";
import { browserOptions } from "./browser.ts";
import type { Bench } from "./report.ts";

const roundsBench: Bench = {
  name: "rounds",
  async run(report, { faultRounds, seed }) {
    report.note(`seed ${seed}`);
    const browser = await chromium.launch(browserOptions());
    try {
      const run = await runFaultRounds({ browser, seed, rounds: faultRounds, tell: report.note });
      for (const [fault, reason] of run.missing) report.skip(`faults.${fault}`, reason);
      report.add("faults.rounds", run.rounds, "rounds");
      report.add("faults.events", run.kept, "events");
      report.add("faults.lost", run.lost.length, "events");
      report.add("faults.twice", run.twice.length, "events");
      report.add("faults.unbalanced", run.unbalanced.length, "rounds");
      report.note(
        `felt: ${run.felt.fullDisk} batches by a full disk, ${run.felt.spoiledAnswers} answers lost`,
      );
      for (const what of run.unbalanced) report.note(what);
      const wrong = { lost: run.lost, twice: run.twice, unbalanced: run.unbalanced };
      for (const [name, found] of Object.entries(wrong)) {
        if (found.length > 0) report.fail(`faults.${name}`, `seed ${seed}: ${found.slice(0, 3).join(", ")}`);
      }
    } finally {
      await browser.close();
    }
  },
};

/** What is lost, doubled or miscounted while everything fails that can. */
export const faults: Bench[] = [roundsBench];
