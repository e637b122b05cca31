import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { FractionBox } from "#contract/payloads.ts";
import { InputError } from "../report.ts";
import { isPicture } from "./pictures.ts";

/** A picture file and the boxes a person drew in it, by the class's number in COCO. */
export type LabelledBoxes = { file: string; boxes: { index: number; box: FractionBox }[] };

/**
 * `images/*.jpg` and, in YOLO form, `labels/*.txt`: class, middle, width and height. A picture without is empty, but not
 * all of them. Throws an `InputError` where that is not so.
 */
export function readBoxes(folder: string): LabelledBoxes[] {
  if (!existsSync(folder)) throw new InputError(`there is no folder ${folder}`);
  const images = existsSync(join(folder, "images")) ? join(folder, "images") : folder;
  const files = readdirSync(images).filter(isPicture).sort();
  if (files.length === 0) throw new InputError(`there are no pictures in ${images}`);
  const labelOf = (name: string) => join(folder, "labels", `${basename(name, extname(name))}.txt`);
  const labelled = files.filter((name) => existsSync(labelOf(name)));
  const [first = ""] = files;
  if (labelled.length === 0)
    throw new InputError(`no picture has a label, ${first} would have ${labelOf(first)}`);
  return files.map((name) => ({
    file: join(images, name),
    boxes: labelled.includes(name) ? boxesOf(readFileSync(labelOf(name), "utf8"), labelOf(name)) : [],
  }));
}

function boxesOf(text: string, file: string): LabelledBoxes["boxes"] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line, at) => (line === "" ? [] : [boxOf(line, `${file}, line ${at + 1}`)]));
}

const Index = z.int().min(0);
const Fraction = z.number().min(0).max(1);
const YoloBox = z.tuple([Index, Fraction, Fraction, Fraction, Fraction]);

function boxOf(line: string, where: string): LabelledBoxes["boxes"][number] {
  const { data } = YoloBox.safeParse(line.split(/\s+/).map(Number));
  if (!data) {
    const wanted = "class, middle x, middle y, width and height, each but the class a fraction from 0 to 1";
    throw new InputError(`${where}: "${line}" is not ${wanted}`);
  }
  const [index, x, y, width, height] = data;
  return { index, box: { left: x - width / 2, top: y - height / 2, width, height } };
}

/** A picture file and the plate in it, empty where there is none. */
export type LabelledPlate = { file: string; text: string };

const PlateRows = z.array(z.object({ file: z.string().min(1), text: z.string() }));

/**
 * `labels.csv` (or `manifest.csv`) with the columns `file` and `text`, by commas or semicolons, the pictures beside it.
 * Throws an `InputError` where that is not so.
 */
export function readPlateLabels(folder: string): LabelledPlate[] {
  const list = ["labels.csv", "manifest.csv"]
    .map((name) => join(folder, name))
    .find((file) => existsSync(file));
  if (!list) throw new InputError(`there is no labels.csv in ${folder}`);
  const labelled = rowsOf(list).map(({ file, text }) => ({
    file: join(folder, file),
    text: text.replace(/[^A-Za-z\d]/g, "").toUpperCase(),
  }));
  const unreadable = labelled.map(({ file }) => file).filter((file) => !isPicture(file) || !existsSync(file));
  if (unreadable.length > 0) {
    throw new InputError(`${list} names what is no picture, or is not there: ${unreadable.join(", ")}`);
  }
  return labelled;
}

function rowsOf(list: string): z.infer<typeof PlateRows> {
  const rows = tryParse(readFileSync(list, "utf8"));
  const { data } = PlateRows.safeParse(rows);
  if (!data) throw new InputError(`${list} has not the columns file and text in each line`);
  return data;
}

/** Null where lines are of different lengths, or a quotation does not end. */
function tryParse(text: string): unknown {
  try {
    return parse(text, {
      bom: true,
      columns: true,
      delimiter: [",", ";"],
      skip_empty_lines: true,
      trim: true,
    });
  } catch {
    return null;
  }
}
