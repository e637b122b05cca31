import { Workbox } from "workbox-window";
import type { UpdateOffer } from "../hooks/services.ts";

/** How often a page that is left open looks for a newer version. */
const LOOK_AGAIN_MS = 30 * 60_000;

type UpdateDeps = {
  /** False on plain http from another machine, and while developing. */
  isSupported: boolean;
  reload: () => void;
};

/**
 * Registers the service worker (offline shell). A newer version waits until the person takes it: a page that
 * changes by itself would interrupt whoever is watching.
 */
export function registerUpdates({ isSupported, reload }: UpdateDeps): UpdateOffer {
  const listeners = new Set<() => void>();
  let isReady = false;
  /** Another tab of this browser (a wall) took the new version: nothing waits any more. */
  let isTaken = false;
  const workbox = isSupported ? new Workbox("/sw.js") : null;
  // what cannot be fetched now is looked for again
  const look = () => void workbox?.update().catch(() => {});

  if (workbox) {
    workbox.addEventListener("waiting", () => {
      isReady = true;
      isTaken = false;
      for (const listener of listeners) listener();
    });
    workbox.addEventListener("controlling", () => {
      isTaken = isReady; // else it is the first one ever, that nobody was offered
    });
    void keepLooking(workbox, look);
  }

  return {
    isReady: () => isReady,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look,
    accept() {
      if (isTaken) return reload();
      workbox?.addEventListener("controlling", reload);
      workbox?.messageSkipWaiting();
    },
  };
}

/** Asked for in so many words: a worker that is kept busy by requests puts the browser's own check off for minutes. */
async function keepLooking(workbox: Workbox, look: () => void) {
  const registration = await workbox.register().catch(() => undefined); // refused by the browser: no offline shell
  if (!registration) return;
  look();
  setInterval(look, LOOK_AGAIN_MS);
}
