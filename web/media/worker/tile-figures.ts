import { createAlikeWatch } from "../alike-watch.ts";
import type { SessionStats } from "../session-facts.ts";
import { createSessionRates } from "../session-rates.ts";

/** What is known of a decoded picture from its encoded form. */
export type PictureFacts = {
  /** By the gateway's clock. */
  receivedAtMs: number;
  keyFrame: boolean;
  /** From the kept group of pictures: old when it came. */
  replayed: boolean;
};

/** Looks at pixels are this far apart. */
const LOOK_MS = 1_000;
/** Every decoded key frame is counted here, so that two are two. */
const KEY_FRAMES = 2;

/** Counts one tile's pictures. Instants: this device's clock. */
export function createTileFigures(nowMs: () => number) {
  const rates = createSessionRates(nowMs);
  const alike = createAlikeWatch(nowMs, KEY_FRAMES);
  let [bytes, frames, keyFrames, dropped] = [0, 0, 0, 0];
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let latencyMs: number | null = null;

  return {
    tookBytes(count: number): void {
      bytes += count;
    },
    /** Pictures that will never be shown. */
    dropped(count: number): void {
      dropped += count;
    },
    /** A picture was decoded. True where its pixels are wanted: `looked`. */
    decoded({ keyFrame, replayed }: PictureFacts): boolean {
      if (keyFrame) keyFrames += 1;
      if (replayed) return false;
      frames += 1;
      if (nowMs() - lookedAtMs < LOOK_MS) return false;
      lookedAtMs = nowMs();
      return true;
    },
    /** For the pixels that were wanted: what `hash` they have. Begin with `counted` at the time of the picture. */
    counted: () => ({ frames, keyFrames }),
    looked: alike.look,
    /** A picture is on the screen. */
    drawn({ receivedAtMs, replayed }: PictureFacts, gatewayNowMs: number | null): void {
      if (!replayed && gatewayNowMs !== null) latencyMs = Math.max(0, gatewayNowMs - receivedAtMs);
    },
    /** Over the second since the last call. */
    read(decoder: string | null): SessionStats {
      const stats: SessionStats = {
        ...rates({ frames, bytes }),
        latencyMs,
        framesDecoded: frames,
        framesDropped: dropped,
        decoder,
        alikeSinceMs: alike.sinceMs(),
      };
      latencyMs = null;
      return stats;
    },
  };
}
export type TileFigures = ReturnType<typeof createTileFigures>;
