import type { LineValues, PointValues } from "./zones-form.ts";

/** In percent of the picture, clockwise from the upper left. */
const rectangle = (left: number, top: number, right: number, bottom: number): PointValues[] => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];

/** Shapes that serve many cameras as they are, and are a beginning for the others. */
export const AREA_PRESETS = {
  whole: rectangle(0, 0, 100, 100),
  left: rectangle(0, 0, 50, 100),
  right: rectangle(50, 0, 100, 100),
  bottom: rectangle(0, 50, 100, 100),
  centre: rectangle(25, 25, 75, 75),
};
export type AreaPreset = keyof typeof AREA_PRESETS;
export const AREA_PRESET_NAMES = ["whole", "left", "right", "bottom", "centre"] as const;

type Ends = Pick<LineValues, "from" | "to">;

/** `across`: who comes down the picture enters. `upright`: who goes to the left enters. */
export const LINE_PRESETS: Record<"across" | "upright", Ends> = {
  across: { from: { x: 10, y: 50 }, to: { x: 90, y: 50 } },
  upright: { from: { x: 50, y: 10 }, to: { x: 50, y: 90 } },
};
export const LINE_PRESET_NAMES = ["across", "upright"] as const;
