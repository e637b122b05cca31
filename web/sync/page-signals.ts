import { onPageHide, onPageWake } from "../lib/page-wake.ts";
import { BACKGROUND_SYNC_TAG } from "./background-flush.ts";

/** What a browser page tells the sync, and what it can do for it. Without a window every answer is the harmless one. */
export type PageSignals = {
  /** Only a first guess: a gateway on this very computer answers although the browser says offline. */
  looksOnline(): boolean;
  /** Calls `wake` when a new try is promising: the network came back, a person looks again. Returns how to end it. */
  onWake(wake: () => void): () => void;
  /** Calls `hide` when the page goes out of sight and may end any moment. Returns how to end it. */
  onHide(hide: () => void): () => void;
  /** Asks the browser to wake the service worker, even after the page is gone, once it believes in the network. */
  requestBackgroundSync(): void;
};

/** Chromium alone has these two; TypeScript's library has neither. */
type SyncManager = { register(tag: string): Promise<void> };
type PeriodicSyncManager = { register(tag: string, options: { minInterval: number }): Promise<void> };
type WithSync = ServiceWorkerRegistration & { sync?: SyncManager; periodicSync?: PeriodicSyncManager };

const PERIODIC_MS = 15 * 60_000;

export function createPageSignals(): PageSignals {
  const workers = typeof navigator === "undefined" ? undefined : navigator.serviceWorker;

  async function register() {
    // the type is the browser's, wider than the library's
    const registration = (await workers?.getRegistration()) as WithSync | undefined;
    if (!registration?.active) return;
    // each for itself: a browser may have or allow only one of them
    await Promise.allSettled([
      registration.sync?.register(BACKGROUND_SYNC_TAG),
      registration.periodicSync?.register(BACKGROUND_SYNC_TAG, { minInterval: PERIODIC_MS }),
    ]);
  }

  return {
    looksOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
    onWake: onPageWake,
    onHide: onPageHide,
    requestBackgroundSync() {
      // refused where the person forbade it or it is not installed; the page's own timers remain
      register().catch(() => {});
    },
  };
}
