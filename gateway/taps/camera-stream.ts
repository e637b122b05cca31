import type { RtspTransport, StreamFormat } from "#contract/cameras.ts";
import type { CameraFailure } from "./camera-failure.ts";
import type { Clock } from "./clock.ts";
import { type CameraUnit, createRtpReceiver, type RtpReceiver } from "./rtp/rtp-receiver.ts";
import type { StreamStats } from "./rtp/stream-stats.ts";
import { openRtspSession } from "./rtsp/rtsp-session.ts";

export type CameraStreamDeps = {
  address: string;
  transport: RtspTransport;
  clock: Clock;
  keyOnly: boolean;
  stats: StreamStats;
  /** The camera promised pictures: from here on their absence is a fault. */
  onPlaying: () => void;
  onFormat: (format: StreamFormat) => void;
  /** Every picture the camera sent, wanted or not, whole or not; before its unit, where it has one. */
  onPicture: (keyFrame: boolean) => void;
  onUnit: (unit: CameraUnit) => void;
  /** Once, unless stopped before. */
  onEnded: (failure: CameraFailure) => void;
};

/** One connection's pictures. Throws `CameraFailure` on an address that is none. */
export function openCameraStream(deps: CameraStreamDeps) {
  let receiver: RtpReceiver | undefined;
  let keyOnly = deps.keyOnly;
  const session = openRtspSession({
    address: deps.address,
    transport: deps.transport,
    clock: deps.clock,
    onVideo(stream) {
      const { stats, onFormat, onPicture, onUnit, clock } = deps;
      receiver = createRtpReceiver({
        stream,
        keyOnly,
        stats,
        nowMs: clock.nowMs,
        onFormat,
        onPicture,
        onUnit,
      });
    },
    onPlaying: deps.onPlaying,
    onRtp: (bytes, start, end) => receiver?.rtp(bytes, start, end),
    onRtcp: (bytes, start, end) => receiver?.rtcp(bytes, start, end),
    onEnded: deps.onEnded,
  });
  return {
    setKeyOnly(wanted: boolean): void {
      keyOnly = wanted;
      receiver?.setKeyOnly(wanted);
    },
    stop: session.stop,
  };
}
export type CameraStream = ReturnType<typeof openCameraStream>;
