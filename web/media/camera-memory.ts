import type { CameraStream, StreamFormat } from "#contract/cameras.ts";
import { createFailedLately, type FailedLately } from "./failed-lately.ts";
import type { Transport } from "./player.ts";

/** By stream: a camera's main stream is often of another codec than its sub stream. */
export type StreamMemory = {
  failedLately: FailedLately;
  /** Transports that found out, on trying, that this browser does not decode this stream. */
  undecodable: Set<Transport>;
  /** Absent while the gateway has not told it. */
  format?: StreamFormat;
};

/** What one tile learned of a camera is good for the next tile of it: pages turn, tiles are enlarged. */
export type CameraMemory = Record<CameraStream, StreamMemory> & { hadPicture: boolean };

type CameraMemoriesDeps = { nowMs: () => number; random: () => number };

/** Gives the memory of a camera, an empty one at first. */
export function createCameraMemories(deps: CameraMemoriesDeps) {
  const memories = new Map<string, CameraMemory>();
  const createStream = (): StreamMemory => ({
    failedLately: createFailedLately(deps),
    undecodable: new Set(),
  });

  return function memoryOf(cameraId: string): CameraMemory {
    const known = memories.get(cameraId);
    if (known) return known;
    const memory: CameraMemory = { main: createStream(), sub: createStream(), hadPicture: false };
    memories.set(cameraId, memory);
    return memory;
  };
}
