import { type Evidence, NO_EVIDENCE } from "../evidence/evidence.ts";

/**
 * The pictures on their way, with their database, come in a chunk of their own, so that they do not hold up the first
 * picture of the screen. A picture given meanwhile waits for it: `keep` resolves, as always, once it is on disk.
 */
export function createLateEvidence(load: () => Promise<Evidence>): Evidence {
  const listeners = new Set<() => void>();
  let here: Evidence | null = null;
  let coming: Promise<Evidence> | null = null;
  let isWanted = false;

  const tell = () => {
    for (const listener of listeners) listener();
  };

  function get(): Promise<Evidence> {
    coming ??= load().then(
      (evidence) => {
        here = evidence;
        evidence.subscribe(tell);
        if (isWanted) evidence.start();
        tell();
        return evidence;
      },
      (error: unknown) => {
        coming = null; // the next picture tries again
        throw error;
      },
    );
    return coming;
  }

  return {
    start() {
      isWanted = true;
      if (here) here.start();
      else get().catch(() => {}); // whoever has a picture to keep is told
    },
    stop() {
      isWanted = false;
      here?.stop();
    },
    keep: async (picture) => (await get()).keep(picture),
    flush: async () => (await get()).flush(),
    status: () => here?.status() ?? NO_EVIDENCE,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
