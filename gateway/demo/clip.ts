import { readFile } from "node:fs/promises";
import { aggregate, packetize, type VideoCodec } from "./packetizer.ts";

/** One encoded picture, ready to be sent. Times are milliseconds since the start of the clip. */
export type ClipFrame = {
  presentationMs: number;
  /** When a camera would have it encoded: with B-frames later than its place in the stream suggests, never earlier. */
  dueMs: number;
  isKey: boolean;
  /** RTP payloads in order; the marker belongs on the last. */
  payloads: Uint8Array[];
};

export type Clip = {
  codec: VideoCodec;
  /** H.264: SPS, PPS. H.265: VPS, SPS, PPS. */
  parameterSets: Uint8Array[];
  /** In decoding order; the first is a key frame. */
  frames: ClipFrame[];
  lengthMs: number;
  widthPx: number;
  heightPx: number;
};

type EncodedFrame = { presentationMs: number; durationMs: number; isKey: boolean; nalUnits: Uint8Array[] };

/** Reads the video track of an MP4 file. Throws when there is none, or when it is neither H.264 nor H.265. */
export async function loadClip(file: string): Promise<Clip> {
  // two megabytes of code that a shop without simulated cameras never needs
  const { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } = await import("mediabunny");
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(await readFile(file)) });
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config?.description) throw new Error(`${file} holds no H.264 or H.265 video`);
  const codec = config.codec.startsWith("avc") ? "h264" : "h265";
  const { parameterSets, lengthBytes } = readDecoderRecord(codec, bytesOf(config.description));
  const encoded: EncodedFrame[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    encoded.push({
      presentationMs: packet.timestamp * 1000,
      durationMs: packet.duration * 1000,
      isKey: packet.type === "key",
      nalUnits: splitNalUnits(packet.data, lengthBytes).filter((unit) => isPicture(codec, unit)),
    });
  }
  input.dispose();
  if (encoded[0] === undefined) throw new Error(`${file} holds no pictures`);
  const size = { widthPx: config.codedWidth ?? 0, heightPx: config.codedHeight ?? 0 };
  return { codec, parameterSets, ...size, ...schedule(codec, parameterSets, encoded) };
}

/**
 * Presentation times start at 0. The picture that is k-th in decoding order is due when the k-th instant of the clip
 * has passed, plus the time the encoder waits for the pictures that B-frames look ahead to.
 */
function schedule(codec: VideoCodec, parameterSets: Uint8Array[], encoded: EncodedFrame[]) {
  const instants = encoded.map((frame) => frame.presentationMs).sort((a, b) => a - b);
  const startMs = instants[0] ?? 0;
  const instant = (index: number): number => (instants[index] ?? startMs) - startMs;
  const waitMs = Math.max(...encoded.map((frame, index) => frame.presentationMs - startMs - instant(index)));
  const frames = encoded.map(
    (frame, index): ClipFrame => ({
      presentationMs: frame.presentationMs - startMs,
      dueMs: instant(index) + waitMs,
      isKey: frame.isKey,
      payloads: [
        ...(frame.isKey ? [aggregate(codec, parameterSets)] : []),
        ...frame.nalUnits.flatMap((unit) => packetize(codec, unit)),
      ],
    }),
  );
  const lengthMs = Math.max(...encoded.map((frame) => frame.presentationMs + frame.durationMs)) - startMs;
  return { frames, lengthMs };
}

/** `avcC` or `hvcC` (ISO 14496-15): the parameter sets, and how many bytes tell a NAL unit's length. */
function readDecoderRecord(codec: VideoCodec, record: Uint8Array) {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const parameterSets: Uint8Array[] = [];
  let at = codec === "h264" ? 5 : 22;
  const takeUnits = (count: number): void => {
    for (let unit = 0; unit < count; unit++) {
      const length = view.getUint16(at);
      parameterSets.push(record.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  };
  if (codec === "h264") {
    takeUnits(view.getUint8(at++) & 31);
    takeUnits(view.getUint8(at++));
    return { parameterSets, lengthBytes: (view.getUint8(4) & 3) + 1 };
  }
  const arrays = view.getUint8(at++);
  for (let array = 0; array < arrays; array++) {
    at += 3;
    takeUnits(view.getUint16(at - 2));
  }
  const sets = parameterSets.filter((unit) => H265_PARAMETER_SETS.has(h265Type(unit)));
  return { parameterSets: sets, lengthBytes: (view.getUint8(21) & 3) + 1 };
}

function splitNalUnits(sample: Uint8Array, lengthBytes: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = 0; at + lengthBytes <= sample.length; ) {
    let length = 0;
    for (let byte = 0; byte < lengthBytes; byte++) length = length * 256 + (sample[at + byte] ?? 0);
    units.push(sample.subarray(at + lengthBytes, at + lengthBytes + length));
    at += lengthBytes + length;
  }
  return units;
}

const H265_PARAMETER_SETS = new Set([32, 33, 34]);
const h265Type = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 63;

/** Slices only: parameter sets are sent once before each key frame, delimiters and SEI tell a reader nothing. */
function isPicture(codec: VideoCodec, unit: Uint8Array): boolean {
  if (codec === "h265") return h265Type(unit) < 32;
  const type = (unit[0] ?? 0) & 31;
  return type >= 1 && type <= 5;
}

function bytesOf(source: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
