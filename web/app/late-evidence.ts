import { type Evidence, NO_EVIDENCE } from "../evidence/evidence.ts";
import { createLateService } from "./late-service.ts";

/** The pictures on their way. One given before they are here waits: `keep` resolves, as always, once it is on disk. */
export function createLateEvidence(load: () => Promise<Evidence>): Evidence {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const { get, here, start, stop } = createLateService({
    load,
    onHere: (evidence) => evidence.subscribe(tell),
    onReady: tell,
  });

  return {
    start,
    stop,
    keep: async (picture) => (await get()).keep(picture),
    makeRoom: async () => (await get()).makeRoom(),
    flush: async () => (await get()).flush(),
    status: () => here()?.status() ?? NO_EVIDENCE,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
