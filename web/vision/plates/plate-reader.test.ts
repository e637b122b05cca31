import { expect, test } from "vitest";
import type { Picture } from "../detector.ts";
import { READER_CLASSES, READER_SLOTS } from "./cct.ts";
import { CHARACTERS } from "./layouts.ts";
import { PRIOR_COUNT } from "./lpd-yunet.ts";
import { createPlateReader, type FinderNetwork, type ReaderNetwork } from "./plate-reader.ts";

const WIDTH_PX = 640;
const HEIGHT_PX = 480;

const aPicture = (): Picture => ({
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
  bytes: new Uint8Array(4 * WIDTH_PX * HEIGHT_PX),
  pixels: { kind: "rgbx", offset: 0, strideBytes: 4 * WIDTH_PX },
});

/** A finder that finds one plate of the given size, in pixels of 320 x 240, around the middle of everything it is shown. */
function aFinder(widthPx: number, heightPx: number, score = 0.9) {
  const finder: FinderNetwork & { looks: number } = Object.assign(
    async () => {
      finder.looks += 1;
      const loc = new Float32Array(PRIOR_COUNT * 14);
      const conf = new Float32Array(PRIOR_COUNT * 2);
      const iou = new Float32Array(PRIOR_COUNT);
      // third map (32 px steps), fourth row, fifth column: centre (144, 112), size 64
      const row = 4200 + (3 * 10 + 4) * 2;
      const [x, y] = [(widthPx / 2 / 64) * 10, (heightPx / 2 / 64) * 10];
      loc.set([-x, -y, x, -y], row * 14 + 4);
      loc.set([x, y, -x, y], row * 14 + 10);
      conf[row * 2 + 1] = score;
      iou[row] = score;
      return { loc, conf, iou };
    },
    { looks: 0 },
  );
  return finder;
}

/** A reader that answers the texts one after the other, the last for ever. */
function aTextReader(...answers: [text: string, sure: number][]): ReaderNetwork & { looks: number } {
  const reader: ReaderNetwork & { looks: number } = Object.assign(
    async () => {
      const [text, sure] = answers[Math.min(reader.looks, answers.length - 1)] ?? ["", 0];
      reader.looks += 1;
      const answer = new Float32Array(READER_SLOTS * READER_CLASSES);
      for (const [slot, letter] of [...text.padEnd(READER_SLOTS, "_")].entries())
        answer[slot * READER_CLASSES + (letter === "_" ? READER_CLASSES - 1 : CHARACTERS.indexOf(letter))] =
          sure;
      return { text: answer };
    },
    { looks: 0 },
  );
  return reader;
}

const aReaderOf = (finder: FinderNetwork, reader: ReaderNetwork) =>
  createPlateReader({ finder, reader, minScore: 0.1, minMean: 0.6 });

test("a plate on the whole picture is found and read", async () => {
  const reads = await aReaderOf(aFinder(64, 20), aTextReader(["ABC1D23", 0.9])).read(aPicture(), []);
  expect(reads).toMatchObject([{ plate: "ABC1D23", layout: "mercosul" }]);
  expect(reads[0]?.box.left).toBeCloseTo(112 / 320);
  expect(reads[0]?.box.height).toBeCloseTo(20 / 240);
});

test("what is read with too little certainty, or is no plate, is nothing", async () => {
  expect(await aReaderOf(aFinder(64, 20), aTextReader(["ABC1D23", 0.5])).read(aPicture(), [])).toEqual([]);
  expect(await aReaderOf(aFinder(64, 20), aTextReader(["ABC1D2345", 0.9])).read(aPicture(), [])).toEqual([]);
  expect(await aReaderOf(aFinder(64, 20, 0.05), aTextReader(["ABC1D23", 0.9])).read(aPicture(), [])).toEqual(
    [],
  );
});

test("each vehicle is looked at closely, the three largest, and one that fills the picture not twice", async () => {
  const finder = aFinder(64, 20);
  const reader = aReaderOf(finder, aTextReader(["ABC1D23", 0.9]));
  const vehicle = (side: number) => ({ left: 0, top: 0, width: side, height: side });
  await reader.read(aPicture(), [vehicle(0.1), vehicle(0.9)]);
  expect(finder.looks).toBe(2);
  await reader.read(aPicture(), [vehicle(0.1), vehicle(0.2), vehicle(0.3), vehicle(0.4), vehicle(0.5)]);
  expect(finder.looks).toBe(6);
});

test("a plate that is found on the picture and on the vehicle is read once, as it was read best", async () => {
  const texts = aTextReader(["ABC1D28", 0.7], ["ABC1D23", 0.95]);
  // a vehicle around the very place where the plate is found in it, too
  const vehicle = { left: 0.17, top: 0.19, width: 0.6, height: 0.6 };
  const reads = await aReaderOf(aFinder(100, 40), texts).read(aPicture(), [vehicle]);
  expect(texts.looks).toBe(2);
  expect(reads).toMatchObject([{ plate: "ABC1D23" }]);
});

test("a plate that is about square is read as two rows, too, and the surer reading counts", async () => {
  const texts = aTextReader(["ABC1000", 0.65], ["ABC1D23", 0.9]);
  const reads = await aReaderOf(aFinder(40, 34), texts).read(aPicture(), []);
  expect(texts.looks).toBe(2);
  expect(reads).toMatchObject([{ plate: "ABC1D23" }]);
  const wide = aTextReader(["ABC1D23", 0.9]);
  await aReaderOf(aFinder(64, 20), wide).read(aPicture(), []);
  expect(wide.looks).toBe(1);
});
