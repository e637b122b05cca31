import { type BitReader, createBitReader, toRbsp } from "./bit-reader.ts";

/** What a sequence parameter set says about the pictures; without a size where that part cannot be read. */
export type SpsFacts = { codec: string; widthPx?: number; heightPx?: number };

/** Profiles whose SPS carries chroma format and scaling lists (ITU-T H.264, 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** `nal` begins with its NAL header. Undefined where it is too short for a profile. */
export function readH264Sps(nal: Uint8Array): SpsFacts | undefined {
  if (nal.length < 5) return undefined;
  const reader = createBitReader(toRbsp(nal.subarray(1)));
  const profile = reader.bits(8);
  reader.skip(16); // constraint flags, level
  reader.ue(); // seq_parameter_set_id
  const chroma = HIGH_PROFILES.has(profile) ? readChroma(reader) : { formatIdc: 1, separate: 0 };
  reader.ue(); // log2_max_frame_num_minus4
  skipPictureOrder(reader);
  reader.ue(); // max_num_ref_frames
  reader.bit(); // gaps_in_frame_num_value_allowed_flag
  const widthMbs = reader.ue() + 1;
  const heightMapUnits = reader.ue() + 1;
  const frameMbsOnly = reader.bit();
  if (!frameMbsOnly) reader.bit(); // mb_adaptive_frame_field_flag
  reader.bit(); // direct_8x8_inference_flag
  const crop = readCrop(reader);

  const chromaArrayType = chroma.separate ? 0 : chroma.formatIdc;
  const unitX = chromaArrayType === 1 || chromaArrayType === 2 ? 2 : 1;
  const unitY = (chromaArrayType === 1 ? 2 : 1) * (2 - frameMbsOnly);
  const widthPx = widthMbs * 16 - unitX * (crop.left + crop.right);
  const heightPx = heightMapUnits * 16 * (2 - frameMbsOnly) - unitY * (crop.top + crop.bottom);
  const codec = h264Codec(nal.subarray(1, 4));
  return reader.overrun() ? { codec } : { codec, ...pictureSize(widthPx, heightPx) };
}

/** `avc1.PPCCLL` from profile, constraint flags and level. */
export function h264Codec(profileLevel: Uint8Array): string {
  return `avc1.${Buffer.from(profileLevel).toString("hex").toUpperCase()}`;
}

/** The id of a SPS (after profile, constraints, level) or a PPS (first). */
export function h264SetId(kind: "sps" | "pps", nal: Uint8Array): number {
  const start = kind === "sps" ? 4 : 1;
  return createBitReader(nal.subarray(start, start + 8)).ue();
}

/** Nothing where a broken parameter set says what no camera has. */
export function pictureSize(widthPx: number, heightPx: number) {
  const sensible = [widthPx, heightPx].every((px) => px > 0 && px <= 16_384);
  return sensible ? { widthPx, heightPx } : {};
}

function readChroma(reader: BitReader) {
  const formatIdc = reader.ue();
  const separate = formatIdc === 3 ? reader.bit() : 0;
  reader.ue(); // bit_depth_luma_minus8
  reader.ue(); // bit_depth_chroma_minus8
  reader.bit(); // qpprime_y_zero_transform_bypass_flag
  if (reader.bit()) {
    const lists = formatIdc === 3 ? 12 : 8;
    for (let list = 0; list < lists; list += 1) if (reader.bit()) skipScalingList(reader, list < 6 ? 16 : 64);
  }
  return { formatIdc, separate };
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + reader.se() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.ue();
  if (type === 0) {
    reader.ue(); // log2_max_pic_order_cnt_lsb_minus4
    return;
  }
  if (type !== 1) return;
  reader.bit();
  reader.se();
  reader.se();
  const cycle = Math.min(reader.ue(), 255);
  for (let index = 0; index < cycle; index += 1) reader.se();
}

function readCrop(reader: BitReader) {
  if (!reader.bit()) return { left: 0, right: 0, top: 0, bottom: 0 };
  return { left: reader.ue(), right: reader.ue(), top: reader.ue(), bottom: reader.ue() };
}
