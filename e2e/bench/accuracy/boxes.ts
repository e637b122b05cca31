import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FractionBox } from "#contract/payloads.ts";
import { groupOf } from "../../../web/vision/worker/objects.ts";
import { NO_SHARED, SHARED } from "../../support/material.ts";
import type { Bench } from "../report.ts";
import { averagePrecision } from "./average-precision.ts";
import { type LabelledBoxes, readBoxes } from "./labels.ts";
import { openDetector } from "./models.ts";
import { openPictures } from "./pictures.ts";

export const COCO = join(SHARED, "images", "coco-27");

/** COCO's numbers of what the station looks for. A van labelled as car and found as truck is found. */
const CLASSES = { person: [0], vehicle: [2, 3, 5, 7] };
type ClassName = keyof typeof CLASSES;
export const CLASS_NAMES: ClassName[] = ["person", "vehicle"];
/** Weak ones belong to the curve's end. */
export const MIN_SCORE = 0.01;

type Found = { label: string; score: number; box: FractionBox }[];
/** AP50 of each class; null where none is labelled. */
export type Averages = Record<ClassName, number | null>;

/** AP50 of people and vehicles by the station's own chain: planes, letterbox, network, head, suppression. */
export const boxesBench: Bench = {
  name: "boxes",
  async run(report, { boxes }) {
    const labelled = tryBoxes(boxes);
    if (!labelled) return report.skip("accuracy.person_ap50", NO_SHARED);
    const averages = averagesOf(labelled, await findInStills(labelled));
    for (const name of CLASS_NAMES) {
      const there = labelled.reduce((sum, picture) => sum + truthOf(picture, name).length, 0);
      report.note(`${name}: ${there} in ${labelled.length} pictures`);
      const average = averages[name];
      if (average === null) report.skip(`accuracy.${name}_ap50`, `no ${name} is labelled`);
      else report.add(`accuracy.${name}_ap50`, average, "");
    }
  },
};

/** Of the user's folder, where there is one; null where there is none and those beside the project are missing. */
export function tryBoxes(folder: string | undefined): LabelledBoxes[] | null {
  if (folder === undefined && !existsSync(COCO)) return null;
  return readBoxes(folder ?? COCO);
}

/** What is found in each picture, in their order, each looked at once and alone. */
export async function findInStills(labelled: LabelledBoxes[]): Promise<Found[]> {
  const detector = await openDetector(MIN_SCORE);
  const pictures = await openPictures();
  const all: Found[] = [];
  try {
    for (const { file } of labelled) all.push((await detector.detect(await pictures.read(file))).found);
  } finally {
    await pictures.close();
  }
  return all;
}

/** `found` is in the order of the pictures. */
export function averagesOf(labelled: LabelledBoxes[], found: Found[]): Averages {
  const averageOf = (name: ClassName) =>
    averagePrecision(
      labelled.map((picture, at) => ({
        truth: truthOf(picture, name),
        found: (found[at] ?? []).filter(({ label }) => groupOf(label) === name),
      })),
    );
  return { person: averageOf("person"), vehicle: averageOf("vehicle") };
}

const truthOf = ({ boxes }: LabelledBoxes, name: ClassName): FractionBox[] =>
  boxes.filter(({ index }) => CLASSES[name].includes(index)).map(({ box }) => box);
