import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { FractionBox } from "#contract/payloads.ts";
import { isPicture } from "./pictures.ts";

/** A picture file and the boxes a person drew in it, by the class's number in COCO. */
export type LabelledBoxes = { file: string; boxes: { index: number; box: FractionBox }[] };

/** `images/*.jpg` and, in YOLO form, `labels/*.txt`: class, middle, width and height. A picture without is empty. */
export function readBoxes(folder: string): LabelledBoxes[] {
  const images = existsSync(join(folder, "images")) ? join(folder, "images") : folder;
  const files = readdirSync(images).filter(isPicture).sort();
  if (files.length === 0) throw new Error(`there are no pictures in ${images}`);
  return files.map((name) => {
    const label = join(folder, "labels", `${basename(name, extname(name))}.txt`);
    return {
      file: join(images, name),
      boxes: existsSync(label) ? boxesOf(readFileSync(label, "utf8"), label) : [],
    };
  });
}

function boxesOf(text: string, file: string): LabelledBoxes["boxes"] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [index, x, y, width, height] = line.trim().split(/\s+/).map(Number);
      if (![index, x, y, width, height].every(Number.isFinite)) throw new Error(`${file}: ${line} is no box`);
      const [w = 0, h = 0] = [width, height];
      return {
        index: index ?? -1,
        box: { left: (x ?? 0) - w / 2, top: (y ?? 0) - h / 2, width: w, height: h },
      };
    });
}

/** A picture file and the plate in it, empty where there is none. */
export type LabelledPlate = { file: string; text: string };

const PlateRows = z.array(z.object({ file: z.string().min(1), text: z.string() }));

/** `labels.csv` (or `manifest.csv`) with the columns `file` and `text`, the pictures beside it. */
export function readPlateLabels(folder: string): LabelledPlate[] {
  const list = ["labels.csv", "manifest.csv"]
    .map((name) => join(folder, name))
    .find((file) => existsSync(file));
  if (!list) throw new Error(`there is no labels.csv in ${folder}`);
  const rows = parse(readFileSync(list, "utf8"), {
    bom: true,
    columns: true,
    skip_empty_lines: true,
    trim: true,
  });
  return PlateRows.parse(rows).map(({ file, text }) => ({
    file: join(folder, file),
    text: text.replace(/[^A-Za-z\d]/g, "").toUpperCase(),
  }));
}
