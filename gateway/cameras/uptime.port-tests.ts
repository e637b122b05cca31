import { describe, expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { UptimeHour, UptimeStore } from "./uptime.ts";

const HOUR_MS = 3_600_000;
const anHour = (overrides: Partial<UptimeHour> = {}): UptimeHour => ({
  cameraId: anId(),
  hourStartMs: 100 * HOUR_MS,
  watchedMs: 60_000,
  upMs: 30_000,
  ...overrides,
});
const sorted = (hours: UptimeHour[]) =>
  hours.toSorted((a, b) => (a.cameraId + a.hourStartMs < b.cameraId + b.hourStartMs ? -1 : 1));

/** What every store of uptime must do. */
export function testUptimeStore(name: string, open: () => Promise<UptimeStore>): void {
  describe(name, () => {
    test("gives back the hours from one on", async () => {
      const store = await open();
      const cameraId = anId();
      const [old, at, later] = [99, 100, 101].map((hour) =>
        anHour({ cameraId, hourStartMs: hour * HOUR_MS }),
      );
      await store.put([old, at, later].filter((hour) => hour !== undefined));
      expect(sorted(await store.since(100 * HOUR_MS))).toEqual([at, later]);
    });

    test("overwrites an hour, and leaves other hours and cameras", async () => {
      const store = await open();
      const [one, two] = [anHour(), anHour()];
      const next = { ...one, hourStartMs: 101 * HOUR_MS };
      await store.put([one, two, next]);
      const grown = { ...one, watchedMs: 90_000, upMs: 60_000 };
      await store.put([grown]);
      expect(sorted(await store.since(0))).toEqual(sorted([grown, two, next]));
    });

    test("takes no hours at all, and as many as 256 cameras have", async () => {
      const store = await open();
      await store.put([]);
      const many = Array.from({ length: 512 }, () => anHour());
      await store.put(many);
      expect(await store.since(0)).toHaveLength(512);
    });

    test("removes old hours alone", async () => {
      const store = await open();
      const [old, kept] = [anHour({ hourStartMs: 99 * HOUR_MS }), anHour()];
      await store.put([old, kept]);
      await store.removeBefore(100 * HOUR_MS);
      expect(await store.since(0)).toEqual([kept]);
    });

    test("forgets one camera", async () => {
      const store = await open();
      const [gone, kept] = [anHour(), anHour()];
      await store.put([gone, { ...gone, hourStartMs: 0 }, kept]);
      await store.forget(gone.cameraId);
      expect(await store.since(0)).toEqual([kept]);
    });
  });
}
