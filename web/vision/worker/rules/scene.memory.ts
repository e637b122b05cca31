import { anId } from "#contract/examples.ts";
import { CameraZones, type Line, type Point, type Rule, type Zone } from "#contract/zones.ts";
import { createScene, type Scene } from "./scene.ts";

/** For tests: a corner of the picture, from its left and top edge. */
export const corner = (width: number, height: number): Point[] => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height },
];

export const aZone = (points: Point[], overrides: Partial<Zone> = {}): Zone => ({
  id: anId(),
  name: "Caixa",
  kind: "zone",
  points,
  ...overrides,
});

/** What is left out has the contract's own value. */
export function zonesOf(drawn: {
  zones?: Zone[];
  lines?: Line[];
  rules?: (Partial<Rule> & { kind: Rule["kind"] })[];
  minScores?: Record<string, number>;
}): CameraZones {
  const rules = drawn.rules?.map((rule) => ({ id: anId(), name: "Regra", zoneId: null, ...rule })) ?? [];
  return CameraZones.parse({ cameraId: anId(), version: 1, zones: [], lines: [], ...drawn, rules });
}

export const sceneOf = (drawn: Parameters<typeof zonesOf>[0], queueThreshold = 3): Scene =>
  createScene({ queueThreshold, zones: zonesOf(drawn) });
