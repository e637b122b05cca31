import { crossesItself } from "#contract/scene-faults.ts";
import type { PictureShape } from "../../ui/PictureShapes.tsx";
import { fractionOf, type PointValues, type ZonesFormValues } from "./zones-form.ts";

/** What is drawn while a person types; a shape with an empty number waits for it. The open one is on top. */
export function shapesOf(
  { zones, lines }: Pick<ZonesFormValues, "zones" | "lines">,
  openId: string | null,
): PictureShape[] {
  const areas = zones.map(({ id, name, kind, points }) => {
    const places = points.map(placeOf);
    const tone = kind === "mask" ? ("hidden" as const) : ("area" as const);
    return { id, name, tone, points: places, isWrong: crossesItself(places), isActive: id === openId };
  });
  const arrows = lines.map(({ id, name, from, to }) => ({
    id,
    name,
    tone: "arrow" as const,
    points: [placeOf(from), placeOf(to)],
    isActive: id === openId,
  }));
  const isDrawn = ({ points }: PictureShape) =>
    points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1);
  return [...areas, ...arrows].filter(isDrawn).sort((a, b) => Number(a.isActive) - Number(b.isActive));
}

const placeOf = ({ x, y }: PointValues) => ({ x: fractionOf(x), y: fractionOf(y) });
