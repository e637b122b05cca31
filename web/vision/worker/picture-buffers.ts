/** More are never in use at once, and what lies idle is small. */
const IDLE_AT_MOST = 8;

/** Buffers for pictures, used again and again: a picture of 640x360 is 345 kB, and making one anew costs more than filling it. */
export function createPictureBuffers() {
  let idle: Uint8Array<ArrayBuffer>[] = [];
  let made = 0;

  return {
    /** At least so long; its content is whatever was there before. */
    take(sizeBytes: number): Uint8Array<ArrayBuffer> {
      const at = idle.findIndex((buffer) => buffer.length >= sizeBytes);
      const [fitting] = at < 0 ? [] : idle.splice(at, 1);
      if (fitting) return fitting;
      made += 1;
      return new Uint8Array(sizeBytes);
    },
    /** One that went to a worker that died has no bytes any more and is left out. */
    giveBack(buffer: Uint8Array): void {
      if (buffer.byteLength === 0 || !(buffer.buffer instanceof ArrayBuffer)) return;
      // All there is of the buffer: a view's end must not shorten it for the next.
      idle.push(new Uint8Array(buffer.buffer));
      // Smallest first, so that a small picture leaves a large buffer to a large one.
      idle.sort((a, b) => a.length - b.length);
      if (idle.length > IDLE_AT_MOST) idle = idle.slice(-IDLE_AT_MOST);
    },
    /** How many were ever made. */
    made: () => made,
  };
}
export type PictureBuffers = ReturnType<typeof createPictureBuffers>;
