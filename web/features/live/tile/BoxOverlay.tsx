import type { SeenObject } from "../../../hooks/use-station.ts";
import classes from "./box-overlay.module.css";
import { useFreshResult } from "./use-fresh-result.ts";

/** People walk out of their boxes: older ones are left out. */
const VALID_MS = 6_000;

type PictureSize = { widthPx: number; heightPx: number };

/** The boxes that the station drew last at a camera. */
export function CameraBoxes({ cameraId, widthPx, heightPx }: PictureSize & { cameraId: string }) {
  const result = useFreshResult(cameraId, VALID_MS);
  return result && <BoxOverlay objects={result.objects} widthPx={widthPx} heightPx={heightPx} />;
}

/**
 * Boxes over the picture. The view box has the picture's own size and is fitted as the picture is (letterboxed), so
 * fractions of the picture fall where they belong in a tile of any shape.
 */
export function BoxOverlay({ objects, widthPx, heightPx }: PictureSize & { objects: SeenObject[] }) {
  const boxes = objects.map(({ trackId, label, box }) => (
    <rect
      key={trackId}
      data-label={label}
      x={box.left * widthPx}
      y={box.top * heightPx}
      width={box.width * widthPx}
      height={box.height * heightPx}
      rx={Math.min(widthPx, heightPx) / 90}
    />
  ));
  return (
    <svg
      className={classes.boxes}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
    >
      {boxes}
    </svg>
  );
}
