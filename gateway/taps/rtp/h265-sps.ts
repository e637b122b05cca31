import { type BitReader, createBitReader, toRbsp } from "./bit-reader.ts";
import { u8 } from "./bytes.ts";
import { pictureSize, type SpsFacts } from "./h264-sps.ts";

/** `nal` begins with its two header bytes. Undefined where it is too short for a profile (ITU-T H.265, 7.3.2.2). */
export function readH265Sps(nal: Uint8Array): SpsFacts | undefined {
  const rbsp = toRbsp(nal.subarray(2));
  if (rbsp.length < 15) return undefined;
  const reader = openAfterProfile(rbsp);
  reader.ue(); // sps_seq_parameter_set_id
  const chromaFormat = reader.ue();
  const separate = chromaFormat === 3 ? reader.bit() : 0;
  const codedWidthPx = reader.ue();
  const codedHeightPx = reader.ue();
  const crop = readConformanceWindow(reader);

  const unitX = !separate && (chromaFormat === 1 || chromaFormat === 2) ? 2 : 1;
  const unitY = !separate && chromaFormat === 1 ? 2 : 1;
  const widthPx = codedWidthPx - unitX * (crop.left + crop.right);
  const heightPx = codedHeightPx - unitY * (crop.top + crop.bottom);
  const codec = h265Codec(rbsp.subarray(1, 13));
  return reader.overrun() ? { codec } : { codec, ...pictureSize(widthPx, heightPx) };
}

/** The id of a VPS (its first 4 bits), a SPS (after profile_tier_level) or a PPS (first). */
export function h265SetId(kind: "vps" | "sps" | "pps", nal: Uint8Array): number {
  if (kind === "vps") return u8(nal, 2) >> 4;
  if (kind === "pps") return createBitReader(nal.subarray(2, 10)).ue();
  return openAfterProfile(toRbsp(nal.subarray(2))).ue();
}

function openAfterProfile(rbsp: Uint8Array): BitReader {
  const reader = createBitReader(rbsp);
  reader.skip(4); // sps_video_parameter_set_id
  const subLayers = reader.bits(3);
  reader.skip(1 + 96); // temporal nesting, general profile_tier_level
  skipSubLayers(reader, subLayers);
  return reader;
}

function skipSubLayers(reader: BitReader, count: number): void {
  if (count === 0) return;
  let bits = 0;
  for (let layer = 0; layer < count; layer += 1) bits += (reader.bit() ? 88 : 0) + (reader.bit() ? 8 : 0);
  reader.skip((8 - count) * 2 + bits);
}

function readConformanceWindow(reader: BitReader) {
  if (!reader.bit()) return { left: 0, right: 0, top: 0, bottom: 0 };
  return { left: reader.ue(), right: reader.ue(), top: reader.ue(), bottom: reader.ue() };
}

/**
 * `hev1.` (parameter sets travel in band) from the 12 bytes of the general profile_tier_level, as ISO/IEC 14496-15
 * annex E has it: profile, compatibility flags in reverse bit order, tier and level, constraint bytes without
 * trailing zeros.
 */
export function h265Codec(profileTierLevel: Uint8Array): string {
  const first = u8(profileTierLevel, 0);
  const space = ["", "A", "B", "C"][first >> 6] ?? "";
  let flags = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    if (u8(profileTierLevel, 1 + (bit >> 3)) & (0x80 >> (bit & 7))) flags += 2 ** bit;
  }
  const constraints = [...profileTierLevel.subarray(5, 11)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  const tier = first & 0x20 ? "H" : "L";
  const parts = [`${space}${first & 31}`, hex(flags), `${tier}${u8(profileTierLevel, 11)}`];
  return ["hev1", ...parts, ...constraints.map(hex)].join(".");
}

const hex = (value: number): string => value.toString(16).toUpperCase();
