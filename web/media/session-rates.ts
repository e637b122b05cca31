/** What a browser counts; it only rises. */
export type SessionCounters = { frames: number; bytes: number | null };

export type SessionRates = { fps: number | null; bitrateKbps: number | null; bytesAtMs: number };

/** Less apart than this, two readings tell nothing about a second. */
const SHORTEST_MS = 200;

/** Rates from counters that are read about once a second; `bytesAtMs` is when bytes came last, 0 before the first. */
export function createSessionRates(nowMs: () => number) {
  let before: (SessionCounters & { atMs: number }) | null = null;
  let rates: SessionRates = { fps: null, bitrateKbps: null, bytesAtMs: 0 };

  return function read(counters: SessionCounters): SessionRates {
    const atMs = nowMs();
    const gotBytes = counters.bytes !== null && counters.bytes > (before?.bytes ?? 0);
    if (gotBytes) rates = { ...rates, bytesAtMs: atMs };
    if (before && atMs - before.atMs < SHORTEST_MS) return rates;
    if (before) {
      const seconds = (atMs - before.atMs) / 1_000;
      const bytes = counters.bytes === null ? null : counters.bytes - (before.bytes ?? 0);
      rates = {
        ...rates,
        fps: Math.max(0, counters.frames - before.frames) / seconds,
        bitrateKbps: bytes === null ? null : (Math.max(0, bytes) * 8) / 1_000 / seconds,
      };
    }
    before = { ...counters, atMs };
    return rates;
  };
}
