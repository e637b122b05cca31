/** Real parameter sets, as x264 and x265 wrote them, and RTP packets made to measure. */
const hex = (text: string): Buffer => Buffer.from(text, "hex");

export const H264_640x360 = {
  sps: hex("674d4016d900a02ff970110000030001000003001e0f162e48"),
  pps: hex("68ebc3cb20"),
};
export const H264_642x362 = {
  sps: hex("67640016acd940a42fe224c044000003000400000300783c58b658"),
  pps: hex("68ebe3cb22c0"),
};
/** Interlaced: frame_mbs_only_flag is 0. */
export const H264_1920x1080_FIELDS = hex("67640028acd94078044fde0220000003002000000643e2c5b2c0");
export const H264_320x240_444 = hex("67f4000d919b28283f6022000003000200000300641e28532c");
export const H265_1280x718 = {
  vps: hex("40010c01ffff01600000030090000003000003005d959809"),
  sps: hex("4201010160000003009000000300000300" + "5da00280802d1f596566924caf0168080000030008000003007840"),
  pps: hex("4401c172b46240"),
};

/** A slice whose first byte after the header marks the first of a picture. */
export function h264Slice(type: 1 | 5, sizeBytes = 20, fill = 0x11, firstOfPicture = true): Buffer {
  const nal = Buffer.alloc(sizeBytes, fill);
  nal[0] = type === 5 ? 0x65 : 0x41;
  nal[1] = firstOfPicture ? 0x88 : 0x08;
  return nal;
}
export function h265Slice(type: 1 | 19 | 21, sizeBytes = 20, fill = 0x22): Buffer {
  const nal = Buffer.alloc(sizeBytes, fill);
  nal[0] = type << 1;
  nal[1] = 1;
  nal[2] = 0x80;
  return nal;
}

export type SamplePacket = {
  payload: Buffer;
  sequence?: number;
  timestamp?: number;
  marker?: boolean;
  ssrc?: number;
  payloadType?: number;
};

export function rtpPacket(packet: SamplePacket): Buffer {
  const { payload, sequence = 0, timestamp = 0, marker = false, ssrc = 7, payloadType = 96 } = packet;
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (marker ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

export function stapA(nals: Buffer[]): Buffer {
  return Buffer.concat([hex("78"), ...nals.flatMap((nal) => [sizeOf(nal), nal])]);
}
export function aggregationH265(nals: Buffer[]): Buffer {
  return Buffer.concat([hex("6001"), ...nals.flatMap((nal) => [sizeOf(nal), nal])]);
}
export function fuA(nal: Buffer, pieceBytes: number): Buffer[] {
  const byte0 = nal.readUInt8(0);
  return pieces(nal.subarray(1), pieceBytes, (flags) => [(byte0 & 0xe0) | 28, flags | (byte0 & 0x1f)]);
}
export function fuH265(nal: Buffer, pieceBytes: number): Buffer[] {
  const byte0 = nal.readUInt8(0);
  const header = (flags: number) => [(byte0 & 0x81) | (49 << 1), nal.readUInt8(1), flags | (byte0 >> 1)];
  return pieces(nal.subarray(2), pieceBytes, header);
}

/** RTCP sender report: at `cameraAtMs` the media clock stood at `timestamp`. */
export function senderReport(cameraAtMs: number, timestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt16BE(0x80c8, 0);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(7, 4);
  report.writeUInt32BE(Math.floor(cameraAtMs / 1_000) + 2_208_988_800, 8);
  report.writeUInt32BE(Math.floor(((cameraAtMs % 1_000) / 1_000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  return report;
}

function pieces(body: Buffer, pieceBytes: number, header: (flags: number) => number[]): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < body.length; at += pieceBytes) {
    const flags = (at === 0 ? 0x80 : 0) | (at + pieceBytes >= body.length ? 0x40 : 0);
    found.push(Buffer.concat([Buffer.from(header(flags)), body.subarray(at, at + pieceBytes)]));
  }
  return found;
}

function sizeOf(nal: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(nal.length);
  return size;
}
