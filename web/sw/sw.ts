import type { WorkboxPlugin } from "workbox-core/types.js";
import { ExpirationPlugin } from "workbox-expiration";
import type { PrecacheEntry } from "workbox-precaching";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import { BACKGROUND_SYNC_TAG, flushInBackground } from "../sync/background-flush.ts";
import { createModelCache } from "./model-cache.ts";
import { isGatewayPath } from "./own-paths.ts";

/** The list of the page's files is put here by the build. */
declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

/** Background sync is Chromium's alone; TypeScript's library does not have its events. */
type SyncEvent = ExtendableEvent & { tag: string };

const modelCache = createModelCache({
  origin: self.location.origin,
  fetch: (...request) => fetch(...request),
});

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(modelCache.matches, modelCache.answer);
// wasm that is too large for every visit to fetch is kept once it was used; its name changes with its content
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith(".wasm"),
  new CacheFirst({
    cacheName: "guarita-wasm",
    // the library's own plugin; its types were written before exactOptionalPropertyTypes
    plugins: [new ExpirationPlugin({ maxEntries: 2 }) as WorkboxPlugin],
  }),
);
// every address of the page is the same page; the gateway's own addresses are not
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [isGatewayPath] }));

self.addEventListener("install", (event) => {
  event.waitUntil(modelCache.warmUp(event));
});

// On the first visit the page was loaded without a service worker: take it over, so that what it fetches from now on
// (a model that the gateway has only just got) is kept too. An update never gets here before the person accepted it.
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "SKIP_WAITING") event.waitUntil(self.skipWaiting());
});

for (const wakeUp of ["sync", "periodicsync"]) {
  self.addEventListener(wakeUp, (event) => {
    // of these two names the event is always this one
    const { tag } = event as SyncEvent;
    if (tag === BACKGROUND_SYNC_TAG) (event as SyncEvent).waitUntil(flushInBackground());
  });
}
