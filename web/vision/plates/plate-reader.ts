import type { FractionBox } from "#contract/payloads.ts";
import type { Picture } from "../detector.ts";
import { READER_SHAPE, type ReadText, readText } from "./cct.ts";
import { type Crop, cropOf, outOf, padded, wholeOf } from "./crop.ts";
import { type FINDER_OUTPUTS, FINDER_SHAPE, type FoundPlate, keepBest, readFinder } from "./lpd-yunet.ts";
import { stretch, stretchToBytes } from "./stretch.ts";

/** A plate read in one picture. */
export type PlateRead = ReadText & {
  /** Where it is, in fractions of the picture. */
  box: FractionBox;
};

/** The narrow port of the plate models. One call at a time; the picture's bytes are free again once it has answered. */
export type PlateReader = {
  /** Best first. `vehicles`: where some are, which are looked at closely, too. */
  read(picture: Picture, vehicles: FractionBox[]): Promise<PlateRead[]>;
};

/** A network that was loaded: the numbers of its only input in, its outputs by name. One call at a time. */
export type Network<Input, Output extends string> = (input: Input) => Promise<Record<Output, Float32Array>>;

export type FinderNetwork = Network<Float32Array, keyof typeof FINDER_OUTPUTS>;
export type ReaderNetwork = Network<Uint8Array, "text">;

type PlateReaderDeps = {
  finder: FinderNetwork;
  reader: ReaderNetwork;
  /** Least score of the finder. Low: what is no plate is read as nothing. */
  minScore: number;
  /** Least mean probability of a reading's characters. One that is doubtful weighs less in the vote. */
  minMean: number;
};

/** Each look at a vehicle costs as much as the look at the whole picture. */
const VEHICLES_AT_MOST = 3;
/** A vehicle over so much of the picture is not seen any better alone. */
const LARGE_AREA = 0.6;
const VEHICLE_PADDING = 0.05;
const PLATE_PADDING = 0.1;
/** A street scene has no more plates of legible size; without a bound, noise could cost seconds. */
const PLATES_AT_MOST = 8;
const SAME_PLATE_OVERLAP = 0.3;

/** Finds plates on the whole picture and on each vehicle, and reads them. */
export function createPlateReader({ finder, reader, minScore, minMean }: PlateReaderDeps): PlateReader {
  const finderInput = new Float32Array(3 * FINDER_SHAPE.widthPx * FINDER_SHAPE.heightPx);
  const readerInput = new Uint8Array(3 * READER_SHAPE.widthPx * READER_SHAPE.heightPx);

  async function find(crop: Crop): Promise<FoundPlate[]> {
    stretch(crop.picture, FINDER_SHAPE, finderInput);
    const found = readFinder(await finder(finderInput), minScore);
    return found.map(({ box, score }) => ({ box: outOf(crop, box), score }));
  }

  async function readColumns(columns: { picture: Picture; widthPx: number }[]): Promise<ReadText | null> {
    stretchToBytes(columns, READER_SHAPE, readerInput);
    return readText((await reader(readerInput)).text);
  }

  async function readAt(picture: Picture, box: FractionBox): Promise<PlateRead | null> {
    const plain = await readColumns([
      { picture: cropOf(picture, padded(box, PLATE_PADDING)).picture, widthPx: READER_SHAPE.widthPx },
    ]);
    const rows = hasTwoRows(picture, box) ? await readColumns(rowsOf(picture, box)) : null;
    const text = !plain || (rows && rows.confidence > plain.confidence) ? rows : plain;
    return text && text.mean >= minMean ? { ...text, box } : null;
  }

  return {
    async read(picture, vehicles) {
      const found: FoundPlate[] = [];
      for (const crop of [wholeOf(picture), ...closeLooks(picture, vehicles)])
        found.push(...(await find(crop)));
      const likeliest = found.toSorted((a, b) => b.score - a.score).slice(0, PLATES_AT_MOST);
      const reads: PlateRead[] = [];
      for (const { box } of likeliest) {
        const read = await readAt(picture, box);
        if (read) reads.push(read);
      }
      return keepBest(
        reads.toSorted((a, b) => b.confidence - a.confidence),
        SAME_PLATE_OVERLAP,
      );
    },
  };
}

/** The largest vehicles: their plates are the legible ones. */
function closeLooks(picture: Picture, vehicles: FractionBox[]): Crop[] {
  const area = ({ width, height }: FractionBox) => width * height;
  return vehicles
    .filter((box) => area(box) <= LARGE_AREA)
    .toSorted((a, b) => area(b) - area(a))
    .slice(0, VEHICLES_AT_MOST)
    .map((box) => cropOf(picture, padded(box, VEHICLE_PADDING)));
}

/** A motorcycle's plate is 200 x 170 mm, a car's 400 x 130 mm; seen from the side a car's looks narrower. */
const TWO_ROWS_BELOW_ASPECT = 1.9;

function hasTwoRows(picture: Picture, box: FractionBox): boolean {
  return (box.width * picture.widthPx) / (box.height * picture.heightPx) < TWO_ROWS_BELOW_ASPECT;
}

/** Three characters stand above four. */
const UPPER_WIDTH_PX = Math.round((READER_SHAPE.widthPx * 3) / 7);
/** Where the rows begin and part, as fractions of the plate's height: a strip above them holds place or country. */
const ROWS = { beginAt: 0.1, partAt: 0.56 };

/** The two rows of a plate side by side, as a car's plate has them. */
function rowsOf(picture: Picture, box: FractionBox): { picture: Picture; widthPx: number }[] {
  const whole = padded(box, PLATE_PADDING);
  const beginAt = box.top + ROWS.beginAt * box.height;
  const partAt = box.top + ROWS.partAt * box.height;
  const upper = { ...whole, top: beginAt, height: partAt - beginAt };
  const lower = { ...whole, top: partAt, height: whole.top + whole.height - partAt };
  return [
    { picture: cropOf(picture, upper).picture, widthPx: UPPER_WIDTH_PX },
    { picture: cropOf(picture, lower).picture, widthPx: READER_SHAPE.widthPx - UPPER_WIDTH_PX },
  ];
}
