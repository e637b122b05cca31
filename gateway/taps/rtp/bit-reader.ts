import { u8 } from "./bytes.ts";

/** Takes the emulation prevention bytes (00 00 03) out of a NAL unit. */
export function toRbsp(nal: Uint8Array): Uint8Array {
  const rbsp = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    rbsp[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return rbsp.subarray(0, length);
}

/** Reads past the end give zeros and set `overrun`; nothing throws. */
export function createBitReader(bytes: Uint8Array) {
  const endBit = bytes.length * 8;
  let at = 0;
  let overrun = false;

  function bit(): number {
    if (at >= endBit) {
      overrun = true;
      return 0;
    }
    const value = (u8(bytes, at >> 3) >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  }
  /** At most 32 bits. */
  function bits(count: number): number {
    let value = 0;
    for (let read = 0; read < count; read += 1) value = value * 2 + bit();
    return value;
  }
  /** Unsigned Exp-Golomb, ue(v). */
  function ue(): number {
    let zeros = 0;
    while (!overrun && bit() === 0) zeros += 1;
    if (zeros > 31) overrun = true;
    return overrun ? 0 : 2 ** zeros - 1 + bits(zeros);
  }
  /** Signed Exp-Golomb, se(v). */
  function se(): number {
    const value = ue();
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2;
  }
  function skip(count: number): void {
    at += count;
  }
  return { bit, bits, ue, se, skip, overrun: () => overrun };
}
export type BitReader = ReturnType<typeof createBitReader>;
