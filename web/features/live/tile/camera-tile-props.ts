import type { Camera } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import type { QueueBoard } from "../../../hooks/use-queues.ts";
import type { TileOverlays } from "../live-settings.ts";

/** A tile is drawn again only when one of these changes: give objects and functions that stay the same. */
export type CameraTileProps = {
  camera: Camera;
  media: MediaState;
  /** False while nobody looks at this page. */
  isWatched: boolean;
  queues: QueueBoard;
  isEnlarged: boolean;
  /** A click, a tap or Enter on the picture, or the button for it. */
  onToggleSize: (cameraId: string) => void;
  /** Of the tile, in CSS pixels. */
  widthPx: number;
  overlays: TileOverlays;
  /** One of many: icon and a short title in place of whole sentences, and no buttons but the picture itself. */
  isCompact: boolean;
  /** Nobody stands at this screen (wall mode): only picture and words, nothing to press. */
  isHandsOff?: boolean;
};
