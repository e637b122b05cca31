import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Detector } from "../../../web/vision/detector.ts";
import type { PlateRead, PlateReader } from "../../../web/vision/plates/plate-reader.ts";
import { groupOf } from "../../../web/vision/worker/objects.ts";
import { NO_SHARED, SHARED } from "../../support/material.ts";
import type { Bench, Report } from "../report.ts";
import { COCO } from "./boxes.ts";
import { type LabelledPlate, readBoxes, readPlateLabels } from "./labels.ts";
import { openDetector, openPlates } from "./models.ts";
import { openPictures, type Pictures } from "./pictures.ts";

const SYNTHETIC = join(SHARED, "images", "synthetic-plates");

type Chain = { detector: Detector; plates: PlateReader; pictures: Pictures };

/**
 * Plates by the station's own chain, one picture each: no vote helps. Exact: the surest read is the text. Wrong: it is
 * another. False: reads in pictures without a plate, which those labelled for boxes are taken to be.
 */
export const platesBench: Bench = {
  name: "plates",
  async run(report, options) {
    const folder = options.plates ?? SYNTHETIC;
    if (!existsSync(folder) && options.plates === undefined)
      return report.skip("accuracy.plates_exact", NO_SHARED);
    const labelled = readPlateLabels(folder);
    const withPlate = labelled.filter(({ text }) => text !== "");
    const without = [...labelled.filter(({ text }) => text === ""), ...emptyPictures()];
    const chain = {
      detector: await openDetector(),
      plates: await openPlates(),
      pictures: await openPictures(),
    };
    try {
      await readAll(report, chain, withPlate);
      report.add("accuracy.plates_false", await countReads(report, chain, without), `of ${without.length}`);
    } finally {
      await chain.pictures.close();
    }
  },
};

const emptyPictures = (): LabelledPlate[] =>
  existsSync(COCO) ? readBoxes(COCO).map(({ file }) => ({ file, text: "" })) : [];

async function readAll(report: Report, chain: Chain, labelled: LabelledPlate[]): Promise<void> {
  const counts = { exact: 0, wrong: 0, none: 0 };
  for (const { file, text } of labelled) {
    const [best] = await look(chain, file);
    if (!best) counts.none += 1;
    else counts[best.plate === text ? "exact" : "wrong"] += 1;
    if (best?.plate !== text)
      report.note(`${basename(file)}: ${text}, ${best ? said(best) : "nothing read"}`);
  }
  report.add("accuracy.plates_exact", counts.exact, `of ${labelled.length}`);
  report.add("accuracy.plates_wrong", counts.wrong, `of ${labelled.length}`);
  report.note(`nothing read in ${counts.none}`);
}

async function countReads(report: Report, chain: Chain, labelled: LabelledPlate[]): Promise<number> {
  let count = 0;
  for (const { file } of labelled) {
    const reads = await look(chain, file);
    for (const read of reads) report.note(`${basename(file)}: no plate, ${said(read)}`);
    count += reads.length;
  }
  return count;
}

async function look({ detector, plates, pictures }: Chain, file: string): Promise<PlateRead[]> {
  const picture = await pictures.read(file);
  const { found } = await detector.detect(picture);
  const vehicles = found.filter(({ label }) => groupOf(label) === "vehicle").map(({ box }) => box);
  return plates.read(picture, vehicles);
}

const said = ({ plate, confidence }: PlateRead): string => `read ${plate} (${confidence.toFixed(2)})`;
