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
  const lastPictureAtMs = shown?.lastPictureAtMs ?? null;
  if (shown && nowMs - shown.lastPictureAtMs < STALLED_MS) {
    const { transport, size } = shown;
    const isChoice = choice.kind === "use" && choice.transport === transport;
    const reason = isChoice ? choice.reason : shown.reason;
    return { status: "playing", transport, reason, stream: "main", ...size };
  }
  if (way.camera?.status === "down") {
    const { fault, detail } = way.camera;
    if (fault === "unauthorized") return { status: "unauthorized", detail, lastPictureAtMs };
    if (fault === "frozen") return { status: "frozen", transport: null, reason: null, lastPictureAtMs };
    return { status: "offline", fault, detail, lastPictureAtMs };
  }
  if (way.link === "lost")
    return { status: "offline", fault: "network", detail: "The gateway does not answer.", lastPictureAtMs };
  if (shown) {
    const { transport, reason } = shown;
    return { status: "stalled", transport, reason, cause: "no_bytes", lastPictureAtMs };
  }
  if (choice.kind === "none") return { status: "unsupported", fault: choice.fault, detail: choice.detail };
  const { transport, reason } = trying ?? choice;
  return { status: "connecting", transport, reason };
}
