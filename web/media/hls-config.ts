import type { HlsConfig, LoadPolicy } from "hls.js/light";

/** Once: only the player's machine tries again, and knows when that is worth it. */
const ONCE: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: Number.POSITIVE_INFINITY, // a camera is waited for
    maxLoadTimeMs: 20_000,
    timeoutRetry: null,
    errorRetry: null,
  },
};

const COMMON: Partial<HlsConfig> = {
  enableWorker: false, // fragments are MP4 already: nothing to convert
  backBufferLength: 2,
  maxBufferLength: 8,
  manifestLoadPolicy: ONCE,
  // how far behind the edge it plays is ours to say: hls-distance.ts
  maxLiveSyncPlaybackRate: 1,
  liveSyncOnStallIncrease: 0,
};

export const LOW_LATENCY: Partial<HlsConfig> = { ...COMMON, lowLatencyMode: true };
export const SEGMENTS: Partial<HlsConfig> = { ...COMMON, lowLatencyMode: false, liveSyncDuration: 1.3 };
