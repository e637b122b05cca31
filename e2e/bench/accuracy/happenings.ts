import { readFileSync } from "node:fs";
import {
  type ClipDetections,
  type ClipScore,
  EXPECTED,
  scoreOf,
  toldOf,
} from "../../../web/vision/worker/clip-happenings.memory.ts";
import type { Bench } from "../report.ts";

/** What the default model found on the clips, written by detect-clips.ts. */
const DETECTIONS = new URL("../../../web/vision/worker/clip-detections.json", import.meta.url);

/**
 * What the rules tell of the clips beside what was seen there by eye. Precision: told and so, of all told. Recall: told,
 * of all that was so. The errors are of those that are right.
 */
export const happeningsBench: Bench = {
  name: "happenings",
  async run(report) {
    const clips: ClipDetections = JSON.parse(readFileSync(DETECTIONS, "utf8"));
    const scores = EXPECTED.map((expected) => {
      const score = scoreOf(expected.spans, toldOf(expected, clips));
      const { right, told } = score;
      report.note(`${expected.clip}, ${expected.what}: ${told} told, ${right} of ${score.expected} right`);
      return score;
    });
    const sum = (pick: (score: ClipScore) => number) =>
      scores.reduce((total, score) => total + pick(score), 0);
    const right = sum((score) => score.right);
    report.add("accuracy.happenings_precision", right / sum(({ told }) => told), "");
    report.add("accuracy.happenings_recall", right / sum(({ expected }) => expected), "");
    report.add(
      "accuracy.happenings_start_error_s",
      sum((score) => score.startErrorS * score.right) / right,
      "s",
    );
    report.add("accuracy.happenings_end_error_s", sum((score) => score.endErrorS * score.right) / right, "s");
  },
};
