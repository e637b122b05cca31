import type { ModelCheck } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Detected } from "../detector.ts";
import { ModelError } from "./model-error.ts";
import { createOnnxDetector, type Runtime } from "./onnx-detector.ts";
import { greyPicture, patternPicture } from "./test-pictures.ts";

export type CheckResult = { status: "passed" } | Omit<Extract<ModelCheck, { status: "failed" }>, "atMs">;

/** In a picture that is grey all over no sound model sees more. */
const MOST_IN_GREY = 20;
/** Boxes this unlikely still say how boxes are meant, and models give them by the hundred. */
const UNLIKELY = 1e-4;
/** Fewer say nothing. */
const ENOUGH_BOXES = 20;
const MOSTLY = 0.9;

/**
 * Runs a model that nobody ran before on two drawn pictures: it must run, answer in its family's form, see next to
 * nothing in grey, and give boxes and scores as its family means them. Whether it finds people well no drawing can tell.
 */
export async function checkModel(
  runtime: Runtime,
  entry: ModelEntry,
  model: Uint8Array,
): Promise<CheckResult> {
  try {
    const detector = await createOnnxDetector(runtime, { ...entry, minScore: UNLIKELY }, model);
    const inGrey = (await detector.detect(greyPicture())).found.filter(
      ({ score }) => score >= entry.minScore,
    );
    if (inGrey.length > MOST_IN_GREY) {
      return nonsense(`It finds ${inGrey.length} things in a picture that is grey all over.`);
    }
    return judge((await detector.detect(patternPicture())).found, entry.family === "end-to-end");
  } catch (cause) {
    const reason = cause instanceof ModelError ? "wrong_shape" : "cannot_run";
    return { status: "failed", reason, detail: messageOf(cause).slice(0, 500) };
  }
}

/** `endsItself`: it gives few boxes by its nature. */
function judge(found: Detected["found"], endsItself: boolean): CheckResult {
  if (found.some(({ score }) => score > 1.001)) return nonsense("Its scores are not between 0 and 1.");
  const numbers = found.flatMap(({ box }) => [box.left, box.top, box.width, box.height]);
  if (!numbers.every(Number.isFinite)) return nonsense("Its boxes are no numbers.");
  // boxes that are all as large as the picture suppress each other: few are left
  if (!endsItself && found.length > 0 && found.every(({ box }) => box.width > 0.99 && box.height > 0.99)) {
    return nonsense(
      "Every box is as large as the picture: they seem to be in pixels where they should be raw.",
    );
  }
  const points = found.filter(({ box }) => box.left + box.width < 0.01 && box.top + box.height < 0.01);
  if (found.length >= ENOUGH_BOXES && points.length > found.length * MOSTLY) {
    return nonsense(
      "Every box is a point at the top left: they seem to be fractions where they should be pixels.",
    );
  }
  return { status: "passed" };
}

const nonsense = (detail: string): CheckResult => ({ status: "failed", reason: "nonsense", detail });
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
