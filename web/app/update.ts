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
  const workbox = isSupported ? new Workbox("/sw.js") : null;

  if (workbox) {
    workbox.addEventListener("waiting", () => {
      isReady = true;
      for (const listener of listeners) listener();
    });
    void keepLooking(workbox);
  }

  return {
    isReady: () => isReady,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    accept() {
      workbox?.addEventListener("controlling", reload);
      workbox?.messageSkipWaiting();
    },
  };
}

/** Asked for in so many words: a worker that is kept busy by requests puts the browser's own check off for minutes. */
async function keepLooking(workbox: Workbox) {
  const registration = await workbox.register().catch(() => undefined); // refused by the browser: no offline shell
  if (!registration) return;
  const look = () => void workbox.update().catch(() => {}); // what cannot be fetched now is looked for again
  look();
  setInterval(look, LOOK_AGAIN_MS);
}
