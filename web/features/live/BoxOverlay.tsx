import { useState } from "react";
import { type Look, movingBoxes } from "./box-motion.ts";
import classes from "./box-overlay.module.css";

type BoxOverlayProps = { look: Look; widthPx: number; heightPx: number };

/**
 * Boxes over the picture. The view box has the picture's own size and is fitted as the picture is (letterboxed), so
 * fractions of the picture fall where they belong in a tile of any shape.
 */
export function BoxOverlay({ look, widthPx, heightPx }: BoxOverlayProps) {
  const boxes = useMovingBoxes(look).map(({ trackId, label, box, glideMs }) => (
    <rect
      key={trackId}
      data-label={label}
      style={{
        x: box.left * widthPx,
        y: box.top * heightPx,
        width: box.width * widthPx,
        height: box.height * heightPx,
        transitionDuration: `${glideMs}ms`,
      }}
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

/** Remembers the look before this one. */
function useMovingBoxes(look: Look) {
  const [looks, setLooks] = useState<{ before: Look | null; now: Look }>({ before: null, now: look });
  if (looks.now === look) return movingBoxes(looks.before, looks.now);
  const next = { before: looks.now, now: look };
  setLooks(next);
  return movingBoxes(next.before, next.now);
}
