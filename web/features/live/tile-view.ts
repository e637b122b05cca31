import type { CameraFault, CameraState } from "#contract/cameras.ts";
import type { PlayerState, Transport } from "../../hooks/use-player.ts";

/** A fault that has words in the catalogues under `fault`. */
export type TileFault = CameraFault | "network" | "unsupported_browser";

/** What a tile shows, put together from what the gateway knows of the camera and what the player sees. */
export type TileView =
  | { status: "connecting"; transport: Transport | null }
  /** The picture moves; `notice` where the camera's tap is in trouble all the same (it then is not analysed). */
  | { status: "playing"; notice: TileFault | null }
  | {
      status: "stalled" | "failed";
      /** Null while nobody knows why. */
      fault: TileFault | null;
      /** What the camera said, for a technician. */
      detail: string | null;
      /** Since when nothing new came, by this device's clock. */
      lastPictureAtMs: number | null;
      triesAgain: boolean;
    };

/** `isLinked` is false while the gateway cannot be reached: what it said of the camera then is old. */
export function tileView(camera: CameraState, player: PlayerState, isLinked: boolean): TileView {
  const down = isLinked && camera.status === "down" ? camera : null;
  const lastPictureAtMs = player.status === "stalled" ? player.lastPictureAtMs : null;
  // a frozen camera may go on sending the same picture, which moves as far as a player can tell
  if (down && (player.status !== "playing" || down.fault === "frozen")) {
    const { fault, detail } = down;
    return { status: "failed", fault, detail, lastPictureAtMs, triesAgain: down.nextTryAtMs !== undefined };
  }
  switch (player.status) {
    case "idle":
      return { status: "connecting", transport: null };
    case "connecting":
      return { status: "connecting", transport: player.transport };
    case "playing":
      return { status: "playing", notice: down?.fault ?? null };
    case "stalled": {
      const fault = isLinked ? (player.fault ?? null) : "network";
      return { status: "stalled", fault, detail: null, lastPictureAtMs, triesAgain: true };
    }
    case "failed": {
      const { fault, detail } = player;
      return {
        status: "failed",
        fault,
        detail,
        lastPictureAtMs,
        triesAgain: fault !== "unsupported_browser",
      };
    }
  }
}
