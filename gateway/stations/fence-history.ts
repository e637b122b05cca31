/** Who had a camera from when on. */
export type Grant = {
  cameraId: string;
  fence: number;
  stationId: string;
  /** By the gateway's clock. */
  grantedAtMs: number;
  /** Null while it lasts. */
  endedAtMs: number | null;
};

/** What a station noticed waits up to 7 days in its outbox; a day more for clocks. */
export const HISTORY_MS = 8 * 24 * 3_600_000;

/** Every grant of the last 8 days in memory, oldest first by camera, and the last one of each camera for ever. */
export function createFenceHistory(grants: Grant[]) {
  const byCamera = new Map<string, Grant[]>();
  for (const grant of [...grants].sort((a, b) => a.fence - b.fence)) add(grant);

  function add(grant: Grant): void {
    const known = byCamera.get(grant.cameraId);
    if (known) known.push(grant);
    else byCamera.set(grant.cameraId, [grant]);
  }

  const newest = (cameraId: string): Grant | null => byCamera.get(cameraId)?.at(-1) ?? null;

  return {
    add,
    newest,
    lastFence: (cameraId: string): number => newest(cameraId)?.fence ?? 0,
    /**
     * Whether at that instant, by the gateway's clock, a lease with a higher fence was at work already. What was seen
     * while the lease held is never stale, however late it comes.
     */
    isStale(cameraId: string, fence: number, atMs: number): boolean {
      const grants = byCamera.get(cameraId) ?? [];
      for (let place = grants.length - 1; place >= 0; place -= 1) {
        const grant = grants[place];
        if (!grant || grant.fence <= fence) return false;
        if (grant.grantedAtMs <= atMs) return true;
      }
      return false;
    },
    prune(nowMs: number): void {
      for (const [cameraId, known] of byCamera) {
        const kept = known.filter(
          (grant, place) => place === known.length - 1 || grant.grantedAtMs > nowMs - HISTORY_MS,
        );
        byCamera.set(cameraId, kept);
      }
    },
  };
}
