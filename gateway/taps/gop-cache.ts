import type { CameraUnit } from "./rtp/rtp-receiver.ts";

const MAX_UNITS = 300;
const MAX_BYTES = 8 * 1024 * 1024;

/** The newest group of pictures, so that a new reader has a picture at once. Bounded: a longer one is its key frame. */
export function createGopCache() {
  let units: CameraUnit[] = [];
  let sizeBytes = 0;
  let complete = false;

  /** From here on pictures are missing: only the key frame is of use. */
  function breakOff(): void {
    complete = false;
    units.length = Math.min(units.length, 1);
    sizeBytes = units[0]?.data.length ?? 0;
  }

  return {
    push(unit: CameraUnit): void {
      if (unit.keyFrame) {
        units = [unit];
        sizeBytes = unit.data.length;
        complete = true;
        return;
      }
      if (!complete) return;
      units.push(unit);
      sizeBytes += unit.data.length;
      if (units.length > MAX_UNITS || sizeBytes > MAX_BYTES) breakOff();
    },
    breakOff,
    clear(): void {
      units = [];
      breakOff();
    },
    units: (): readonly CameraUnit[] => units,
    /** True where the next live picture follows on the last kept one. */
    complete: () => complete,
  };
}
