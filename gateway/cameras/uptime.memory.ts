import type { UptimeHour, UptimeStore } from "./uptime.ts";

/** Hours in a map, for tests of what is built on the port. */
export function memoryUptime(): UptimeStore {
  const hours = new Map<string, UptimeHour>();
  const removeWhere = (matches: (hour: UptimeHour) => boolean) => {
    for (const [key, hour] of hours) if (matches(hour)) hours.delete(key);
  };
  return {
    since: async (fromMs) =>
      [...hours.values()].filter(({ hourStartMs }) => hourStartMs >= fromMs).map((hour) => ({ ...hour })),
    async put(list) {
      for (const hour of list) hours.set(`${hour.cameraId} ${hour.hourStartMs}`, { ...hour });
    },
    removeBefore: async (beforeMs) => removeWhere(({ hourStartMs }) => hourStartMs < beforeMs),
    forget: async (cameraId) => removeWhere((hour) => hour.cameraId === cameraId),
  };
}
