import type { CameraFault } from "#contract/cameras.ts";
import type { PlayerState } from "../../../hooks/use-player.ts";

/** Whatever can be wrong with a picture; each has words in the catalogues under `fault`. */
export type TileFault =
  | CameraFault
  | "network"
  | "unsupported_browser"
  /** Connected and nothing new: the three causes of `stalled`. */
  | "no_bytes"
  | "no_pictures"
  | "late";

/** Why a tile shows no live picture, as a person is told it. */
export type Trouble = {
  fault: TileFault;
  /** What the camera or the browser said, for a technician. */
  detail: string | null;
  /** When the last new picture came, by this device's clock; null where none ever did. */
  lastPictureAtMs: number | null;
  /** `person`: nothing happens until somebody asks for it. `never`: trying again would not help. */
  triedAgain: "by_itself" | "person" | "never";
  /** When it is tried again, where that is known. */
  nextTryAtMs: number | null;
};

/** Null while the picture is live, on its way, or not wanted. */
export function troubleOf(state: PlayerState): Trouble | null {
  switch (state.status) {
    case "idle":
    case "connecting":
    case "playing":
      return null;
    case "stalled":
      return { ...trouble(state.cause), lastPictureAtMs: state.lastPictureAtMs };
    case "frozen":
      return { ...trouble("frozen"), lastPictureAtMs: state.lastPictureAtMs };
    case "offline": {
      const { fault, detail, lastPictureAtMs, nextTryAtMs = null } = state;
      return { ...trouble(fault), detail, lastPictureAtMs, nextTryAtMs };
    }
    case "unauthorized": {
      const { detail, lastPictureAtMs } = state;
      return { ...trouble("unauthorized"), detail, lastPictureAtMs, triedAgain: "person" };
    }
    case "unsupported":
      return { ...trouble(state.fault), detail: state.detail, triedAgain: "never" };
  }
}

function trouble(fault: TileFault): Trouble {
  return { fault, detail: null, lastPictureAtMs: null, triedAgain: "by_itself", nextTryAtMs: null };
}
