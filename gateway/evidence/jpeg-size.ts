export type JpegSize = { widthPx: number; heightPx: number };

const START = [0xff, 0xd8, 0xff];
/** Frame headers (SOF0 to SOF15); C4, C8 and CC in between are something else. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without a length: RST0 to RST7, SOI, EOI, TEM. */
const isBare = (marker: number): boolean => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;

/** The size that a JPEG says it has (ITU T.81, annex B); null for bytes that are none, or that say no size. */
export function jpegSize(bytes: Uint8Array): JpegSize | null {
  if (START.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (isFrameHeader(marker)) return at + 9 <= bytes.length ? sizeAt(view, at) : null;
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Of a frame header at `at`: marker, u16 length, u8 precision, u16 height, u16 width. */
function sizeAt(view: DataView, at: number): JpegSize | null {
  const heightPx = view.getUint16(at + 5);
  const widthPx = view.getUint16(at + 7);
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : null;
}
