import type { ModelEntry } from "#contract/system.ts";
import type { Detection } from "../detector.ts";
import { readEndToEndHead } from "./end-to-end-head.ts";
import { type Feeding, PLAIN } from "./feed-input.ts";
import type { Answer, HeadReading } from "./head-boxes.ts";
import { ModelError } from "./model-error.ts";
import { readNanodetHead } from "./nanodet-head.ts";
import { readYolov8Head } from "./yolov8-head.ts";
import { readYoloxHead } from "./yolox-head.ts";

type Family = {
  feeding: Feeding;
  /** Throws a `ModelError` where the answer has not the family's shape. */
  readHead(answers: Answer[], reading: HeadReading): Detection[];
};

/** RGB, 0..1, centred on grey: how ultralytics trains and exports all its models. */
const ULTRALYTICS: Feeding = {
  colours: "rgb",
  place: "centre",
  padding: 114,
  mean: [0, 0, 0],
  deviation: [255, 255, 255],
};

/** How the models that find objects are fed and read; checked against the public implementations. */
const FAMILIES: Partial<Record<ModelEntry["family"], Family>> = {
  yolox: { feeding: PLAIN, readHead: readYoloxHead },
  nanodet: {
    feeding: {
      colours: "bgr",
      place: "centre",
      padding: 0,
      mean: [103.53, 116.28, 123.675],
      deviation: [57.375, 57.12, 58.395],
    },
    readHead: readNanodetHead,
  },
  yolov8: { feeding: ULTRALYTICS, readHead: readYolov8Head },
  "end-to-end": { feeding: ULTRALYTICS, readHead: readEndToEndHead },
};

export function familyOf({ id, family }: ModelEntry): Family {
  const known = FAMILIES[family];
  if (!known) throw new ModelError(`models of the family ${family} find no objects (${id})`);
  return known;
}
