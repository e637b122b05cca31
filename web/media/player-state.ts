import type { Attempt, Way } from "./attempt.ts";
import type { TransportChoice } from "./choose-transport.ts";
import type { PlayerState } from "./player.ts";

/** Without a new picture for this long, what is shown is no longer live. */
export const STALLED_MS = 3_000;

type Situation = {
  nowMs: number;
  choice: TransportChoice;
  shown: Attempt | null;
  trying: Attempt | null;
  way: Way;
};

/** What a person is told. A picture that once was there stays, and is said to stand still. */
export function describeState({ nowMs, choice, shown, trying, way }: Situation): PlayerState {
  if (shown) {
    const { transport, size, lastPictureAtMs } = shown;
    const isChoice = choice.kind === "use" && choice.transport === transport;
    const reason = isChoice ? choice.reason : shown.reason;
    if (nowMs - lastPictureAtMs < STALLED_MS) return { status: "playing", transport, reason, ...size };
    return { status: "stalled", transport, reason, lastPictureAtMs, ...faultOf(way) };
  }
  if (way.camera?.status === "down")
    return { status: "failed", fault: way.camera.fault, detail: way.camera.detail };
  if (way.link === "lost")
    return { status: "failed", fault: "network", detail: "The gateway does not answer." };
  if (choice.kind === "none") return { status: "failed", fault: choice.fault, detail: choice.detail };
  const { transport, reason } = trying ?? choice;
  return { status: "connecting", transport, reason };
}

function faultOf({ link, camera }: Way): Pick<PlayerState & { status: "stalled" }, "fault"> {
  if (link === "lost") return { fault: "network" };
  return camera?.status === "down" ? { fault: camera.fault } : {};
}
