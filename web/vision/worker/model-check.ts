import type { ModelCheck } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Detected, Detector } from "../detector.ts";
import { ModelError } from "./model-error.ts";
import { createOnnxDetector, type Runtime } from "./onnx-detector.ts";
import { greyPicture, patternPicture } from "./test-pictures.ts";

export type CheckResult = { status: "passed" } | Omit<Extract<ModelCheck, { status: "failed" }>, "atMs">;

/** In a picture that is grey all over no sound model sees more. */
const MOST_IN_GREY = 20;
/** So many boxes with any score at all say how boxes are meant. */
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
    const detector = await createOnnxDetector(runtime, entry, model);
    const { found } = await detector.detect(greyPicture());
    if (found.length > MOST_IN_GREY) {
      return nonsense(`It finds ${found.length} things in a picture that is grey all over.`);
    }
    // every box, however unlikely
    const eager = await createOnnxDetector(runtime, { ...entry, minScore: 0 }, model);
    return judge(await lookAt(eager), entry.family === "end-to-end");
  } catch (cause) {
    const reason = cause instanceof ModelError ? "wrong_shape" : "cannot_run";
    return { status: "failed", reason, detail: messageOf(cause).slice(0, 500) };
  }
}

const lookAt = async (detector: Detector): Promise<Detected["found"]> =>
  (await detector.detect(patternPicture())).found.filter(({ score }) => score > 0);

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
