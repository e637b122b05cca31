import type { FractionBox } from "#contract/payloads.ts";
import type { Detection } from "../detector.ts";
import type { InputSize } from "./letterbox.ts";
import { ModelError } from "./model-error.ts";
import type { WantedClass } from "./objects.ts";
import { suppress } from "./suppress.ts";

/** One tensor that a network gave. */
export type Answer = { dims: readonly number[]; data: Float32Array };

/** What a head's reader must know besides the numbers. */
export type HeadReading = {
  size: InputSize;
  /** Where in the input the picture lies. */
  content: Content;
  classCount: number;
  wanted: WantedClass[];
  minScore: number;
};

/** The picture's place in the input, pixels of the input. */
export type Content = { leftPx: number; topPx: number; widthPx: number; heightPx: number };

/** Pixels of the input. */
export type Edges = { leftPx: number; topPx: number; rightPx: number; bottomPx: number };

/** A box as fractions of the picture; it may reach beyond. */
export function boxInPicture(edges: Edges, content: Content): FractionBox {
  return {
    left: (edges.leftPx - content.leftPx) / content.widthPx,
    top: (edges.topPx - content.topPx) / content.heightPx,
    width: (edges.rightPx - edges.leftPx) / content.widthPx,
    height: (edges.bottomPx - edges.topPx) / content.heightPx,
  };
}

/** Of boxes over one thing the best, clipped to the picture; compared as they are, as the public implementations do. */
export const distinct = (candidates: Detection[], overlapLimit: number): Detection[] =>
  suppress(candidates, overlapLimit).map((found) => ({ ...found, box: clipped(found.box) }));

function clipped(box: FractionBox): FractionBox {
  const left = fraction(box.left);
  const top = fraction(box.top);
  const width = fraction(box.left + box.width) - left;
  const height = fraction(box.top + box.height) - top;
  return { left, top, width: Math.max(0, width), height: Math.max(0, height) };
}

const fraction = (value: number): number => Math.min(1, Math.max(0, value));

/** The wanted class with the highest score; class scores stand `stepBetween` apart from `start` on. */
export function bestClass(
  scores: Float32Array,
  start: number,
  wanted: WantedClass[],
  stepBetween = 1,
): { label: string; score: number } {
  const best = { label: "", score: 0 };
  for (const { index, label } of wanted) {
    const score = scores[start + index * stepBetween] ?? 0;
    // what is no number wins nothing
    if (!(score > best.score)) continue;
    best.label = label;
    best.score = score;
  }
  return best;
}

/** Throws a `ModelError` where a tensor has not the shape it must have. */
export function mustBe(answer: Answer | undefined, shape: number[]): Float32Array {
  if (answer?.dims.join() === shape.join()) return answer.data;
  throw new ModelError(`the model answers ${answer?.dims.join("x")}, not ${shape.join("x")}`);
}
