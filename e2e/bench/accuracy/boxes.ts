import { existsSync } from "node:fs";
import { join } from "node:path";
import { groupOf } from "../../../web/vision/worker/objects.ts";
import { NO_SHARED, SHARED } from "../../support/material.ts";
import type { Bench } from "../report.ts";
import { averagePrecision, type Looked } from "./average-precision.ts";
import { readBoxes } from "./labels.ts";
import { openDetector } from "./models.ts";
import { openPictures } from "./pictures.ts";

export const COCO = join(SHARED, "images", "coco-27");

/** COCO's numbers of what the station looks for. A van labelled as car and found as truck is found. */
const CLASSES = { person: [0], vehicle: [2, 3, 5, 7] };
/** Weak ones belong to the curve's end. */
const MIN_SCORE = 0.01;

/** AP50 of people and vehicles by the station's own chain: planes, letterbox, network, head, suppression. */
export const boxesBench: Bench = {
  name: "boxes",
  async run(report, options) {
    const folder = options.boxes ?? COCO;
    if (!existsSync(folder) && options.boxes === undefined)
      return report.skip("accuracy.person_ap50", NO_SHARED);
    const labelled = readBoxes(folder);
    const detector = await openDetector(MIN_SCORE);
    const pictures = await openPictures();
    const looked: Record<keyof typeof CLASSES, Looked[]> = { person: [], vehicle: [] };
    try {
      for (const { file, boxes } of labelled) {
        const { found } = await detector.detect(await pictures.read(file));
        for (const name of ["person", "vehicle"] as const) {
          looked[name].push({
            truth: boxes.filter(({ index }) => CLASSES[name].includes(index)).map(({ box }) => box),
            found: found.filter(({ label }) => groupOf(label) === name),
          });
        }
      }
    } finally {
      await pictures.close();
    }
    for (const name of ["person", "vehicle"] as const) {
      const there = looked[name].reduce((sum, { truth }) => sum + truth.length, 0);
      const precision = averagePrecision(looked[name]);
      report.note(`${name}: ${there} in ${labelled.length} pictures`);
      if (precision === null) report.skip(`accuracy.${name}_ap50`, `no ${name} is labelled`);
      else report.add(`accuracy.${name}_ap50`, precision, "");
    }
  },
};
