/**
 * One encoded picture as it travels: a binary message of the tap protocol (taps.ts). Apart from the schemas, so that a
 * worker that only handles pictures need not load them.
 */
export type AccessUnit = {
  subscriptionId: number;
  keyFrame: boolean;
  /** Pictures before this one are missing; decode from here on (always also a key frame). */
  discontinuity: boolean;
  /** From the kept newest group of pictures, not live: a viewer skips to the live edge. */
  replayed: boolean;
  /** Presentation time on the camera's media clock, microseconds, rising within one connection. */
  ptsUs: number;
  /** When the camera made it by its sender reports; 0 while unknown. Camera clocks are often wrong. */
  cameraAtMs: number;
  /** When its first packet reached the gateway, by the gateway's clock. */
  receivedAtMs: number;
  /** Annex B (start codes); parameter sets precede every key frame. */
  data: Uint8Array;
};

const HEADER_BYTES = 32;
const FLAG = { keyFrame: 1, discontinuity: 2, replayed: 4 };

/**
 * Little endian: u8 version (1), u8 flags (1 key frame, 2 discontinuity, 4 replayed), u16 zero, u32 subscription,
 * f64 ptsUs, f64 cameraAtMs, f64 receivedAtMs, then the data.
 */
export function encodeAccessUnit(unit: AccessUnit): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + unit.data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(
    1,
    (unit.keyFrame ? FLAG.keyFrame : 0) |
      (unit.discontinuity ? FLAG.discontinuity : 0) |
      (unit.replayed ? FLAG.replayed : 0),
  );
  view.setUint32(4, unit.subscriptionId, true);
  view.setFloat64(8, unit.ptsUs, true);
  view.setFloat64(16, unit.cameraAtMs, true);
  view.setFloat64(24, unit.receivedAtMs, true);
  bytes.set(unit.data, HEADER_BYTES);
  return bytes;
}

/** The data is a view into `bytes`, not a copy. Throws on a message that is not one. */
export function parseAccessUnit(buffer: ArrayBuffer): AccessUnit {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint8(0) !== 1) throw new Error("not an access unit");
  const flags = view.getUint8(1);
  return {
    keyFrame: (flags & FLAG.keyFrame) !== 0,
    discontinuity: (flags & FLAG.discontinuity) !== 0,
    replayed: (flags & FLAG.replayed) !== 0,
    subscriptionId: view.getUint32(4, true),
    ptsUs: view.getFloat64(8, true),
    cameraAtMs: view.getFloat64(16, true),
    receivedAtMs: view.getFloat64(24, true),
    data: new Uint8Array(buffer, HEADER_BYTES),
  };
}

/** Names another subscription in an encoded access unit, in place. */
export function retagAccessUnit(buffer: ArrayBuffer, subscriptionId: number): void {
  new DataView(buffer).setUint32(4, subscriptionId, true);
}
