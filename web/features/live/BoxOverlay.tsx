import type { SeenObject } from "../../hooks/use-station.ts";
import classes from "./box-overlay.module.css";

type BoxOverlayProps = { objects: SeenObject[]; widthPx: number; heightPx: number };

/**
 * Boxes over the picture. The view box has the picture's own size and is fitted as the picture is (letterboxed), so
 * fractions of the picture fall where they belong in a tile of any shape.
 */
export function BoxOverlay({ objects, widthPx, heightPx }: BoxOverlayProps) {
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
