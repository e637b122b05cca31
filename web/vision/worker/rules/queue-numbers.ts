import { z } from "zod";

/** What is counted while a queue runs. Plain data, so that it can be kept across a reload. */
export const QueueNumbers = z.object({
  length: z.int(),
  maxLength: z.int(),
  /** People who have left since the start. */
  left: z.int(),
  /** What was said last, and when. */
  toldLength: z.int(),
  toldAtMs: z.number(),
});
export type QueueNumbers = z.infer<typeof QueueNumbers>;

/** A change of length is told at most so often. */
export const UPDATE_EVERY_MS = 30_000;

export const firstNumbers = (length: number, atMs: number): QueueNumbers => ({
  length,
  maxLength: length,
  left: 0,
  toldLength: length,
  toldAtMs: atMs,
});

export const countOn = (
  before: QueueNumbers,
  { length, left }: { length: number; left: number },
): QueueNumbers => ({
  ...before,
  length,
  maxLength: Math.max(before.maxLength, length),
  left: before.left + left,
});

export const isUpdateDue = (numbers: QueueNumbers, atMs: number): boolean =>
  numbers.length !== numbers.toldLength && atMs - numbers.toldAtMs >= UPDATE_EVERY_MS;

/** As many leave in the time to come as have left so far. Null while nobody has left: nothing to estimate from. */
export const waitEstimateMs = ({ length, left }: QueueNumbers, durationMs: number): number | null =>
  left > 0 ? (length * durationMs) / left : null;
