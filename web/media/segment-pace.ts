/** The next segment, as a low-latency playlist tells of it. */
type NextSegment = {
  /** Media sequence number. */
  msn: number;
  /** Number of its last part, should it have as many as the segment before it. */
  lastPart: number;
  /** How many of its parts are there, and how much is missing after them, should it be as long as the one before. */
  partsThere: number;
  missingMs: number;
  partMs: number;
};

/** Asked so long before the segment is whole: the answer is held back until it is. */
const LEAD_MS = 80;
/** An answer that took so long and tells of no part after the segment was held back, and came just when it was whole. */
const HELD_MS = 40;

/**
 * When a player of whole segments asks for its playlist: just before the next segment is whole, in a request that the
 * media server answers when it is. Asking once a segment without looking when would be late by the same part of a
 * segment each time. It needs no connection for longer than a moment, which is why such players are there at all.
 */
export function createSegmentPace(nowMs: () => number) {
  let next: (NextSegment & { wholeAtMs: number; askAtMs: number }) | null = null;
  let newestMsn = -1;
  let askedAtMs = 0;

  return {
    /** `url` with what the answer shall wait for; as it is where waiting would be for nothing. To be asked now. */
    ask(url: string): string {
      askedAtMs = nowMs();
      // after a pause the segment may be gone, and asking for it an error
      if (!next || askedAtMs > next.wholeAtMs + next.partMs) return url;
      const asked = new URL(url);
      asked.searchParams.set("_HLS_msn", String(next.msn));
      asked.searchParams.set("_HLS_part", String(next.lastPart));
      return asked.href;
    },
    /** A playlist came, as the media server wrote it. */
    heard(playlist: string): void {
      const segment = nextSegment(playlist);
      const isNew = segment !== null && segment.msn > newestMsn;
      next = null; // of a camera that stands still nothing is waited for
      if (!isNew) return;
      newestMsn = segment.msn;
      const wasHeld = segment.partsThere === 0 && nowMs() - askedAtMs >= HELD_MS;
      const wholeAtMs = nowMs() + segment.missingMs;
      // of a part that is not there yet nobody knows how much there is
      const earlyMs = LEAD_MS + (wasHeld ? 0 : segment.partMs);
      next = { ...segment, wholeAtMs, askAtMs: wholeAtMs - earlyMs };
    },
    /** When to ask for the next segment, by the clock given; null where that cannot be known. */
    askAtMs: () => next?.askAtMs ?? null,
  };
}
export type SegmentPace = ReturnType<typeof createSegmentPace>;

const FIRST = /^#EXT-X-MEDIA-SEQUENCE:(\d+)/;
const PART = /^#EXT-X-PART:(?:.*,)?DURATION=([\d.]+)/;
const SEGMENT = /^#EXTINF:([\d.]+)/;

/** Null where the last whole segment has no parts: only a low-latency stream has them. */
function nextSegment(playlist: string): NextSegment | null {
  let msn = 0;
  let durationMs = 0;
  let parts: number[] = [];
  let whole = { parts, durationMs };
  for (const line of playlist.split("\n")) {
    const value = (tag: RegExp) => Number(tag.exec(line)?.[1] ?? Number.NaN);
    if (FIRST.test(line)) msn = value(FIRST);
    else if (PART.test(line)) parts.push(value(PART) * 1_000);
    else if (SEGMENT.test(line)) durationMs = value(SEGMENT) * 1_000;
    else if (line !== "" && !line.startsWith("#")) {
      whole = { parts, durationMs };
      parts = [];
      msn += 1;
    }
  }
  if (whole.parts.length === 0) return null;
  const thereMs = parts.reduce((sum, part) => sum + part, 0);
  return {
    msn,
    lastPart: whole.parts.length - 1,
    partsThere: parts.length,
    missingMs: Math.max(0, whole.durationMs - thereMs),
    partMs: Math.max(...whole.parts),
  };
}
