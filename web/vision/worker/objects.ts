import type { FractionBox } from "#contract/payloads.ts";

/** A class the station looks for: its place among the model's class scores. */
export type WantedClass = { index: number; label: string };

/** COCO's classes 2, 3, 5 and 7; the third has two names in use. */
const VEHICLES = new Set(["car", "motorbike", "motorcycle", "bus", "truck"]);

/** People and vehicles never compete, neither for a box nor for a track; a van read as car or truck is one thing. */
export const groupOf = (label: string): string => (VEHICLES.has(label) ? "vehicle" : label);

/** People and vehicles, or every class of a model that knows neither, and what is asked for besides. */
export function wantedClasses(labels: string[], askedLabels: string[] = []): WantedClass[] {
  const all = labels.map((label, index) => ({ index, label }));
  const isUsual = ({ label }: WantedClass) => label === "person" || groupOf(label) === "vehicle";
  if (!all.some(isUsual)) return all;
  return all.filter((one) => isUsual(one) || askedLabels.includes(one.label));
}

/** Intersection over union. */
export function overlap(a: FractionBox, b: FractionBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
