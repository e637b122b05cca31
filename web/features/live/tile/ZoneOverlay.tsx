import type { CameraZones } from "#contract/zones.ts";
import { useCameraZones } from "../../../hooks/use-zones.ts";
import { type PictureShape, PictureShapes } from "../../../ui/PictureShapes.tsx";

type ZoneOverlayProps = { cameraId: string; widthPx: number; heightPx: number };

/** Zones, masks and lines of a camera over its live picture. */
export function ZoneOverlay({ cameraId, ...size }: ZoneOverlayProps) {
  const known = useCameraZones(cameraId);
  return known.status === "ready" && <PictureShapes shapes={sceneShapes(known.zones)} {...size} />;
}

/** Lines lie over areas. */
export function sceneShapes({ zones, lines }: Pick<CameraZones, "zones" | "lines">): PictureShape[] {
  const tones = { zone: "area", mask: "hidden" } as const;
  return [
    ...zones.map(({ id, name, kind, points }) => ({ id, name, tone: tones[kind], points })),
    ...lines.map(({ id, name, from, to }) => ({ id, name, tone: "arrow" as const, points: [from, to] })),
  ];
}
