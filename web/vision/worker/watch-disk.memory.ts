import type { EventRecord } from "#contract/events.ts";
import type { CameraWatchesDeps } from "./camera-watches.ts";
import type { KeptWatch } from "./station-memory.ts";

/** What outlives a page: what it knew of its cameras, and the events that it told. */
export function aWatchDisk() {
  const watches = new Map<string, KeptWatch>();
  const events: EventRecord[] = [];
  let life = 0;
  return {
    events,
    /** For `restore`. */
    watches: (): KeptWatch[] => [...watches.values()].map((kept) => structuredClone(kept)),
    /** What the page's next life writes with. An earlier one writes nothing any more. */
    nextLife(): Pick<CameraWatchesDeps, "keeper" | "forget"> {
      life += 1;
      const mine = life;
      return {
        keeper: {
          async commit(kept, more) {
            if (mine !== life) return;
            for (const watch of kept) watches.set(watch.cameraId, structuredClone(watch));
            events.push(...more);
          },
        },
        forget: (cameraId) => void watches.delete(cameraId),
      };
    },
  };
}
