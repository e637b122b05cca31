import type { StreamFormat } from "#contract/cameras.ts";
import { type AssembledUnit, createAssembler } from "./access-unit-assembler.ts";
import { u8 } from "./bytes.ts";
import { createFormatWatch } from "./format-watch.ts";
import { h264 } from "./h264.ts";
import { h265 } from "./h265.ts";
import { createMediaTimeline } from "./media-timeline.ts";
import { createReorderWindow } from "./reorder-window.ts";
import { parseRtpPacket } from "./rtp-packet.ts";
import type { StreamStats } from "./stream-stats.ts";
import { isSetKind } from "./video-codec.ts";

/** One encoded picture of a camera, as the tap keeps and gives it on. `data` is shared: never write into it. */
export type CameraUnit = {
  keyFrame: boolean;
  afterLoss: boolean;
  ptsUs: number;
  cameraAtMs: number;
  receivedAtMs: number;
  data: Buffer;
};

/** What an SDP tells about the stream to come. */
export type RtpStream = {
  family: "h264" | "h265";
  payloadType: number;
  clockRateHz: number;
  /** NAL units without start codes. */
  parameterSets: Buffer[];
  fps: number | undefined;
};

type ReceiverDeps = {
  stream: RtpStream;
  keyOnly: boolean;
  stats: StreamStats;
  nowMs: () => number;
  onFormat: (format: StreamFormat) => void;
  /** Every picture the camera sent, wanted or not, whole or not; before its unit, where it has one. */
  onPicture: (keyFrame: boolean) => void;
  onUnit: (unit: CameraUnit) => void;
};

/** RTP and RTCP packets in, access units and formats out. Bad input is counted; nothing throws. */
export function createRtpReceiver({ stream, keyOnly, stats, nowMs, ...on }: ReceiverDeps) {
  const codec = stream.family === "h264" ? h264 : h265;
  const timeline = createMediaTimeline(stream.clockRateHz);
  const format = createFormatWatch({ codec, fps: stream.fps, onFormat: on.onFormat });
  let pictureUs = 0;
  const assembler = createAssembler({
    codec,
    keyOnly,
    stats,
    onSps: format.sps,
    onPicture(timestamp, keyFrame) {
      pictureUs = timeline.ptsUs(timestamp, nowMs());
      format.picture(pictureUs);
      on.onPicture(keyFrame);
    },
    onUnit: give,
  });
  const reorder = createReorderWindow({
    stats,
    onPacket: (packet, missingBefore) => assembler.push(packet, missingBefore, nowMs()),
    onRestart() {
      timeline.restart();
      assembler.tear();
    },
  });

  /** The assembler tells a picture before it gives its unit: its time is known. */
  function give({ keyFrame, afterLoss, timestamp, firstPacketAtMs, data }: AssembledUnit): void {
    on.onUnit({
      keyFrame,
      afterLoss,
      ptsUs: pictureUs,
      cameraAtMs: timeline.cameraAtMs(timestamp),
      receivedAtMs: firstPacketAtMs,
      data,
    });
  }

  for (const nal of stream.parameterSets) {
    const kind = codec.nalKind(u8(nal, 0));
    if (isSetKind(kind)) assembler.putParameterSet(kind, nal);
  }

  return {
    rtp(bytes: Buffer, start: number, end: number): void {
      stats.receivedBytes += end - start;
      const packet = parseRtpPacket(bytes, start, end);
      if (!packet) {
        stats.malformed += 1;
        return;
      }
      if (packet.payloadType !== stream.payloadType) return; // redundancy or metadata on the same channel
      stats.packets += 1;
      reorder.push(packet, nowMs());
    },
    rtcp: timeline.rtcp,
    setKeyOnly: assembler.setKeyOnly,
    format: format.format,
    pendingBytes: assembler.pendingBytes,
  };
}
export type RtpReceiver = ReturnType<typeof createRtpReceiver>;
