import { u8 } from "./bytes.ts";
import { createParameterSets } from "./parameter-sets.ts";
import type { RtpPacket } from "./rtp-packet.ts";
import type { StreamStats } from "./stream-stats.ts";
import { createUnitBuffer } from "./unit-buffer.ts";
import { type FragmentHeader, type FragmentPart, isSetKind, type VideoCodec } from "./video-codec.ts";

/** A key frame of a 4K camera is 1 to 2 MB. */
export const MAX_UNIT_BYTES = 8 * 1024 * 1024;

export type AssembledUnit = {
  keyFrame: boolean;
  /** Pictures before this one were lost; always a key frame. */
  afterLoss: boolean;
  timestamp: number;
  firstPacketAtMs: number;
  /** Annex B, a buffer of its own. */
  data: Buffer;
};

export type AssemblerDeps = {
  codec: VideoCodec;
  /** Wants key frames only: other pictures are passed over unread. */
  keyOnly: boolean;
  stats: StreamStats;
  onSps: (nal: Buffer) => void;
  /** Every picture the camera sent, also those passed over or damaged. */
  onPicture: (timestamp: number, keyFrame: boolean) => void;
  onUnit: (unit: AssembledUnit) => void;
};

type Open = {
  timestamp: number;
  firstPacketAtMs: number;
  keyFrame: boolean;
  pictures: number;
  passedOver: boolean;
  damaged: boolean;
  /** Packets are missing right before it: its first slice must prove that it is the first. */
  suspect: boolean;
};

/** Joins packets to access units. Nothing undecodable goes on: after a loss it waits for a key frame. */
export function createAssembler(deps: AssemblerDeps) {
  const { codec, stats } = deps;
  const sets = createParameterSets(codec, deps.onSps);
  const buffer = createUnitBuffer(MAX_UNIT_BYTES);
  let keyOnly = deps.keyOnly;
  let open: Open | undefined;
  let fragment: "none" | "kept" | "passed_over" = "none";
  let needKey = true;
  let lost = false;

  const sink = { nal, fragment: takeFragment };

  function push(packet: RtpPacket, missingBefore: boolean, nowMs: number): void {
    if (missingBefore) tear();
    if (open && open.timestamp !== packet.timestamp) finish(); // a camera that sets no marker
    open ??= begin(packet.timestamp, nowMs, missingBefore);
    const empty = packet.start === packet.end; // padding alone
    if (!empty && !codec.unpack(packet.bytes, packet.start, packet.end, sink)) {
      stats.malformed += 1;
      open.damaged = true;
    }
    if (packet.marker) finish();
  }

  const begin = (timestamp: number, firstPacketAtMs: number, suspect: boolean): Open => ({
    timestamp,
    firstPacketAtMs,
    keyFrame: false,
    pictures: 0,
    passedOver: false,
    damaged: false,
    suspect,
  });

  function tear(): void {
    lost = true;
    needKey = true;
    if (open) open.damaged = true;
    endFragment(false);
  }

  function nal(bytes: Buffer, start: number, end: number): void {
    const kind = codec.nalKind(u8(bytes, start));
    if (isSetKind(kind)) return void keepSet(kind, Buffer.from(bytes.subarray(start, end)));
    if (kind === "left_out" || !noteSlice(kind, u8(bytes, start + codec.headerBytes))) return;
    buffer.startNal();
    buffer.append(bytes, start, end);
  }

  function keepSet(kind: "vps" | "sps" | "pps", nal: Buffer): void {
    if (!sets.put(kind, nal)) stats.malformed += 1;
  }

  /** True where the NAL unit is wanted. `sliceByte` is the first after its header: its top bit marks a first slice. */
  function noteSlice(kind: "key" | "picture" | "other", sliceByte: number): boolean {
    if (!open || kind === "other") return true;
    if (open.suspect && open.pictures === 0 && (sliceByte & 0x80) === 0) open.damaged = true;
    open.pictures += 1;
    if (kind === "key") open.keyFrame = true;
    if (kind === "picture" && keyOnly) open.passedOver = true;
    return !(kind === "picture" && keyOnly);
  }

  function takeFragment(
    part: FragmentPart,
    header: FragmentHeader,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    const begins = part === "first" || part === "whole";
    if (begins) beginFragment(header, u8(bytes, start));
    else if (fragment === "none" && open) open.damaged = true;
    if (fragment === "kept") buffer.append(bytes, start, end);
    if (part === "last" || part === "whole") endFragment(true, header);
  }

  function beginFragment(header: FragmentHeader, sliceByte: number): void {
    if (fragment !== "none" && open) open.damaged = true;
    endFragment(false);
    const kind = codec.nalKind(header.byte0);
    const wanted = isSetKind(kind) || (kind !== "left_out" && noteSlice(kind, sliceByte));
    fragment = wanted ? "kept" : "passed_over";
    if (!wanted) return;
    buffer.startNal();
    buffer.appendByte(header.byte0);
    if (codec.headerBytes === 2) buffer.appendByte(header.byte1);
  }

  function endFragment(whole: boolean, header?: FragmentHeader): void {
    if (fragment === "kept" && !whole) buffer.dropNal();
    const kind = header && codec.nalKind(header.byte0);
    if (fragment === "kept" && whole && kind && isSetKind(kind)) keepSet(kind, buffer.takeNal());
    fragment = "none";
  }

  function finish(): void {
    const unit = open;
    if (!unit) return;
    open = undefined;
    if (fragment !== "none") {
      unit.damaged = true;
      endFragment(false);
    }
    // parameter sets alone, with a marker of their own, are no picture
    if (unit.pictures > 0) {
      deps.onPicture(unit.timestamp, unit.keyFrame);
      judge(unit);
    }
    buffer.clear();
  }

  function judge(unit: Open): void {
    if (unit.passedOver) {
      stats.skipped += 1;
      return;
    }
    const missesSets = unit.keyFrame && !sets.complete();
    if (unit.damaged || buffer.overflowed() || missesSets) {
      stats.damaged += 1;
      needKey = true;
      lost = true;
    } else if (unit.keyFrame || !needKey) emit(unit);
    else stats.skipped += 1;
  }

  function emit({ keyFrame, timestamp, firstPacketAtMs }: Open): void {
    const afterLoss = lost && keyFrame;
    if (keyFrame) {
      needKey = false;
      lost = false;
    }
    const data = buffer.copyOut(keyFrame ? sets.takeAll() : sets.takeChanged());
    stats.accessUnits += 1;
    stats.bytes += data.length;
    if (keyFrame) stats.keyFrames += 1;
    deps.onUnit({ keyFrame, afterLoss, timestamp, firstPacketAtMs, data });
  }

  return {
    push,
    putParameterSet: keepSet,
    /** From here on a key frame comes first: what was passed over is missing to the pictures after it. */
    setKeyOnly(wanted: boolean): void {
      if (wanted === keyOnly) return;
      keyOnly = wanted;
      needKey = true;
    },
    /** The source began anew. */
    tear,
    pendingBytes: () => buffer.capacityBytes(),
  };
}
