/** At most one picture of a camera in this time. */
export const CAMERA_EVERY_MS = 10_000;
/** At most so many of the whole store within a minute. */
export const STORE_LIMIT = { pictures: 30, withinMs: 60_000 };

/** Free, or when it is worth asking again; and which of the two limits it is. */
export type Turn = { kind: "granted" } | { kind: "wait"; limit: "camera" | "store"; waitMs: number };

/** Counts pictures asked for, per camera and over all. A refusal counts for nothing, so nobody locks themselves out. */
export function createSnapshotThrottle(nowMs: () => number) {
  const lastOf = new Map<string, number>();
  let granted: number[] = [];

  return function take(cameraId: string): Turn {
    const atMs = nowMs();
    // an instant in the future was noted before the clock was put back
    granted = granted.filter((before) => before <= atMs && atMs - before < STORE_LIMIT.withinMs);
    for (const [id, before] of lastOf) {
      if (before > atMs || atMs - before >= CAMERA_EVERY_MS) lastOf.delete(id);
    }
    const last = lastOf.get(cameraId);
    if (last !== undefined) return { kind: "wait", limit: "camera", waitMs: last + CAMERA_EVERY_MS - atMs };
    const [oldest] = granted;
    if (oldest !== undefined && granted.length >= STORE_LIMIT.pictures) {
      return { kind: "wait", limit: "store", waitMs: oldest + STORE_LIMIT.withinMs - atMs };
    }
    granted.push(atMs);
    lastOf.set(cameraId, atMs);
    return { kind: "granted" };
  };
}
export type SnapshotThrottle = ReturnType<typeof createSnapshotThrottle>;
