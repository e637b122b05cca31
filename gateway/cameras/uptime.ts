/** How long a camera was looked at within one hour of the gateway's clock, and gave pictures. */
export type UptimeHour = { cameraId: string; hourStartMs: number; watchedMs: number; upMs: number };

export type UptimeStore = {
  /** Hours that began at `fromMs` or later. */
  since(fromMs: number): Promise<UptimeHour[]>;
  /** Overwrites these hours. */
  put(hours: UptimeHour[]): Promise<void>;
  /** Removes hours that began before `beforeMs`. */
  removeBefore(beforeMs: number): Promise<void>;
  /** Removes a camera's hours. */
  forget(cameraId: string): Promise<void>;
};

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** The hour now running and the 23 before it: the last 24 h are counted by whole hours. */
export const firstHourMs = (atMs: number): number => hourStart(atMs) - (DAY_HOURS - 1) * HOUR_MS;

const hourStart = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/** All cameras' hours in memory, begun with those that were stored. */
export function createUptimeLedger(stored: UptimeHour[]) {
  const cameras = new Map<string, Map<number, UptimeHour>>();
  let changed = new Set<UptimeHour>();
  for (const hour of stored) hoursOf(hour.cameraId).set(hour.hourStartMs, { ...hour });

  function hoursOf(cameraId: string): Map<number, UptimeHour> {
    const hours = cameras.get(cameraId) ?? new Map<number, UptimeHour>();
    cameras.set(cameraId, hours);
    return hours;
  }

  return {
    cameraIds: (): string[] => [...cameras.keys()],
    /** Counts a span of `spanMs` that ends at `atMs` to the hour in which it ends. */
    add(cameraId: string, atMs: number, spanMs: number, isUp: boolean): void {
      const hours = hoursOf(cameraId);
      const hourStartMs = hourStart(atMs);
      const hour = hours.get(hourStartMs) ?? { cameraId, hourStartMs, watchedMs: 0, upMs: 0 };
      hours.set(hourStartMs, hour);
      hour.watchedMs += spanMs;
      if (isUp) hour.upMs += spanMs;
      changed.add(hour);
    },
    of(cameraId: string, atMs: number): { uptime24h: number | null; watched24hMs: number } {
      let watchedMs = 0;
      let upMs = 0;
      for (const hour of cameras.get(cameraId)?.values() ?? []) {
        if (hour.hourStartMs < firstHourMs(atMs)) continue;
        watchedMs += hour.watchedMs;
        upMs += hour.upMs;
      }
      return { uptime24h: watchedMs === 0 ? null : upMs / watchedMs, watched24hMs: watchedMs };
    },
    forget(cameraId: string): void {
      for (const hour of cameras.get(cameraId)?.values() ?? []) changed.delete(hour);
      cameras.delete(cameraId);
    },
    /** Hours out of the last 24 h no longer count. */
    dropOld(atMs: number): void {
      for (const hours of cameras.values()) {
        for (const hour of hours.values()) {
          if (hour.hourStartMs >= firstHourMs(atMs)) continue;
          hours.delete(hour.hourStartMs);
          changed.delete(hour);
        }
      }
    },
    /** Hands the hours that changed since the last save to `put`; if it fails they are saved with the next ones. */
    async save(put: (hours: UptimeHour[]) => Promise<void>): Promise<void> {
      const saving = [...changed];
      if (saving.length === 0) return;
      changed = new Set();
      try {
        await put(saving.map((hour) => ({ ...hour })));
      } catch (error) {
        for (const hour of saving) {
          if (cameras.get(hour.cameraId)?.get(hour.hourStartMs) === hour) changed.add(hour);
        }
        throw error;
      }
    },
  };
}
export type UptimeLedger = ReturnType<typeof createUptimeLedger>;
