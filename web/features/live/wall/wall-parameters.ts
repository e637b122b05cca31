import { z } from "zod";
import { type Layout, ROTATE_S, SIDES } from "../live-settings.ts";

/** What the address of a wall says; null where it leaves the choice to what the device keeps. */
export type WallParameters = {
  layout: Layout | null;
  /** Shown first, counted from 0. */
  page: number;
  /** Seconds on each page; 0 stays on the one. */
  rotateS: number | null;
};

const wholeNumber = z.string().regex(/^\d+$/).transform(Number);
const layout = z.union([z.literal("auto"), wholeNumber.pipe(z.literal(SIDES))]);
const page = wholeNumber.pipe(z.int().min(1)).transform((number) => number - 1);
const rotateS = wholeNumber.transform((seconds) =>
  seconds === 0 ? 0 : Math.min(ROTATE_S.most, Math.max(ROTATE_S.least, seconds)),
);

/**
 * `?layout=4&page=2&rotate=20`, so that one device can hang several walls. A wall that is told its page and no rhythm
 * stays on that page. What makes no sense counts as not said.
 */
export function wallParameters(search: string): WallParameters {
  const said = new URLSearchParams(search);
  const read = <T>(schema: z.ZodType<T>, name: string): T | null =>
    schema.safeParse(said.get(name)).data ?? null;
  const first = read(page, "page");
  return {
    layout: read(layout, "layout"),
    page: first ?? 0,
    rotateS: read(rotateS, "rotate") ?? (first === null ? null : 0),
  };
}
