import type { ProbeAnswer, StreamFormat } from "#contract/cameras.ts";
import { CameraFailure } from "./camera-failure.ts";
import { type CameraStream, openCameraStream } from "./camera-stream.ts";
import { type Clock, systemTimer } from "./clock.ts";
import { newStreamStats } from "./rtp/stream-stats.ts";

/** After the first picture: enough to see whether pictures come out of order. */
const LOOK_FOR_MS = 500;

/**
 * Says what an address answers, within `timeoutMs`. `ok` once a picture came, or, where none came in time, once the
 * camera described its format.
 */
export function probeAddress(
  address: string,
  { timeoutMs = 5_000, clock = { nowMs: Date.now, setTimer: systemTimer } as Clock } = {},
): Promise<ProbeAnswer> {
  const startedAtMs = clock.nowMs();
  return new Promise((resolve) => {
    let stream: CameraStream | undefined;
    let format: StreamFormat | undefined;
    let phase: "connecting" | "playing" | "seen" = "connecting";
    let cancelTimer = clock.setTimer(timedOut, timeoutMs);

    function answer(found: { format: StreamFormat } | CameraFailure): void {
      cancelTimer();
      stream?.stop();
      const tookMs = clock.nowMs() - startedAtMs;
      resolve(
        found instanceof CameraFailure
          ? { outcome: "failed", fault: found.fault, detail: found.message, tookMs }
          : { outcome: "ok", format: found.format, tookMs },
      );
    }

    function timedOut(): void {
      if (phase === "connecting") answer(new CameraFailure("timeout", "no answer in time"));
      else answer(format ? { format } : new CameraFailure("no_video", "no picture came in time"));
    }

    function pictureSeen(): void {
      if (phase === "seen" || !format) return;
      phase = "seen";
      const restMs = startedAtMs + timeoutMs - clock.nowMs();
      cancelTimer();
      cancelTimer = clock.setTimer(timedOut, Math.min(LOOK_FOR_MS, restMs));
    }

    try {
      stream = openCameraStream({
        address,
        clock,
        keyOnly: true,
        stats: newStreamStats(),
        onPlaying() {
          phase = "playing";
        },
        onFormat(learned) {
          format = learned;
        },
        onPicture: () => undefined,
        onUnit: pictureSeen,
        onEnded: answer,
      });
    } catch (error) {
      answer(error instanceof CameraFailure ? error : new CameraFailure("protocol", String(error)));
    }
  });
}
