const START_BYTES = 32 * 1024;
/** A larger buffer is given back after its unit; smaller ones are kept to be filled again. */
const KEEP_BYTES = 256 * 1024;

/**
 * Collects the NAL units of one access unit as Annex B. Bytes are copied in, so that no received chunk is kept alive,
 * and copied out exactly sized. Grows up to `maxBytes`; what goes beyond is left out and sets `overflowed`.
 */
export function createUnitBuffer(maxBytes: number) {
  let bytes = Buffer.allocUnsafeSlow(Math.min(START_BYTES, maxBytes));
  let length = 0;
  let nalStart = 0;
  let overflowed = false;

  function reserve(more: number): boolean {
    if (length + more <= bytes.length) return true;
    if (length + more > maxBytes) {
      overflowed = true;
      return false;
    }
    const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(bytes.length * 2, length + more)));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
    return true;
  }

  return {
    startNal(): void {
      nalStart = length;
      if (!reserve(4)) return;
      bytes.writeUInt32BE(1, length);
      length += 4;
    },
    appendByte(byte: number): void {
      if (!reserve(1)) return;
      bytes[length] = byte;
      length += 1;
    },
    append(from: Buffer, start: number, end: number): void {
      if (!reserve(end - start)) return;
      from.copy(bytes, length, start, end);
      length += end - start;
    },
    /** Forgets the NAL unit begun last. */
    dropNal(): void {
      length = Math.min(length, nalStart);
    },
    /** Takes the NAL unit begun last out again, without its start code. */
    takeNal(): Buffer {
      const nal = Buffer.from(bytes.subarray(Math.min(nalStart + 4, length), length));
      length = nalStart;
      return nal;
    },
    /** `before` (NAL units without start codes), then what was collected. A buffer of its own. */
    copyOut(before: Buffer[]): Buffer {
      const beforeBytes = before.reduce((sum, nal) => sum + 4 + nal.length, 0);
      // "slow" is unpooled: a small unit kept in a cache must not keep a shared slab
      const unit = Buffer.allocUnsafeSlow(beforeBytes + length);
      let at = 0;
      for (const nal of before) {
        unit.writeUInt32BE(1, at);
        nal.copy(unit, at + 4);
        at += 4 + nal.length;
      }
      bytes.copy(unit, at, 0, length);
      return unit;
    },
    clear(): void {
      length = 0;
      nalStart = 0;
      overflowed = false;
      if (bytes.length > KEEP_BYTES) bytes = Buffer.allocUnsafeSlow(Math.min(START_BYTES, maxBytes));
    },
    overflowed: () => overflowed,
    capacityBytes: () => bytes.length,
  };
}
