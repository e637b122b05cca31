/** Fewer may be the cameras' own fault. */
const CAMERAS = 3;
const HOLD_MS = 120_000;

/**
 * Whether WebRTC gets through this network at all: it alone needs UDP, which many shops' networks block. Once it gave
 * no picture of several cameras and of none since, the next tiles need not find that out each by itself.
 */
export function createNetworkMemory({ nowMs }: { nowMs: () => number }) {
  const failed = new Set<string>();
  let untilMs = 0;

  return {
    noteFailed(cameraId: string): void {
      failed.add(cameraId);
      if (failed.size >= CAMERAS) untilMs = nowMs() + HOLD_MS;
    },
    /** It gave a picture, or this is another network. */
    forget(): void {
      failed.clear();
      untilMs = 0;
    },
    isBlocked: () => nowMs() < untilMs,
  };
}
export type NetworkMemory = ReturnType<typeof createNetworkMemory>;
