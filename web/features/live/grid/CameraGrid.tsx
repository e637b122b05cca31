import type { Camera } from "#contract/cameras.ts";
import { useMediaState } from "../../../hooks/use-health.ts";
import { useQueueBoard } from "../../../hooks/use-queues.ts";
import { useWatched } from "../../../hooks/use-watched.ts";
import type { TileOverlays } from "../live-settings.ts";
import { CameraTile } from "../tile/CameraTile.tsx";
import { type GridShape, READABLE_TILE_PX } from "./grid-shape.ts";
import classes from "./live.module.css";

type CameraGridProps = {
  /** Those of this page alone: what is not mounted does not play. */
  cameras: Camera[];
  shape: GridShape;
  gapPx: number;
  overlays: TileOverlays;
  enlargedId?: string | null;
  /** Must stay the same function, else every tile is drawn again. */
  onToggleSize: (cameraId: string) => void;
  isHandsOff?: boolean;
};

/** Tiles in rows and columns. A tile keeps its player as long as its camera is among them, wherever it stands. */
export function CameraGrid(props: CameraGridProps) {
  const { cameras, shape, gapPx, overlays, enlargedId = null, onToggleSize, isHandsOff = false } = props;
  const media = useMediaState();
  const queues = useQueueBoard();
  const isWatched = useWatched();
  const { columns, tileWidthPx } = shape;
  return (
    <div
      className={classes.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, ${tileWidthPx}px)`, gap: gapPx }}
    >
      {cameras.map((camera) => (
        <CameraTile
          key={camera.id}
          camera={camera}
          media={media}
          isWatched={isWatched}
          queues={queues}
          isEnlarged={camera.id === enlargedId}
          onToggleSize={onToggleSize}
          widthPx={tileWidthPx}
          overlays={overlays}
          isCompact={tileWidthPx < READABLE_TILE_PX}
          isHandsOff={isHandsOff}
        />
      ))}
    </div>
  );
}
