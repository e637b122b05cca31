import type { ProbeAnswer, RtspTransport, StreamFormat } from "#contract/cameras.ts";
import { CameraFailure, noUdpPackets } from "./camera-failure.ts";
import { type CameraStream, openCameraStream } from "./camera-stream.ts";
import { type Clock, systemTimer } from "./clock.ts";
import { newStreamStats } from "./rtp/stream-stats.ts";
import { isReadOverUdp, parseRtspAddress } from "./rtsp/rtsp-address.ts";

/** After the first picture: enough to see whether pictures come out of order. */
const LOOK_FOR_MS = 500;
const SYSTEM_CLOCK: Clock = { nowMs: Date.now, setTimer: systemTimer };

export type ProbeOptions = { timeoutMs?: number; rtspTransport?: RtspTransport; clock?: Clock };

/**
 * Says what an address answers, within `timeoutMs` (5 s). `ok` once a picture came, or, where none came in time, once
 * the camera described its format; over UDP at least a packet must have come.
 */
export function probeAddress(address: string, options: ProbeOptions = {}): Promise<ProbeAnswer> {
  const { timeoutMs = 5_000, rtspTransport = "tcp", clock = SYSTEM_CLOCK } = options;
  const stats = newStreamStats();
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
      else if (isReadOverUdp(parseRtspAddress(address), rtspTransport) && stats.packets === 0)
        answer(noUdpPackets());
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
        transport: rtspTransport,
        clock,
        keyOnly: true,
        stats,
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
