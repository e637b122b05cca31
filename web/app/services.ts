import type { QueryClient } from "@tanstack/react-query";
import type { EventRecord } from "#contract/events.ts";
import { paths } from "#contract/paths.ts";
import { createFeed, type FeedSocket } from "../api/feed.ts";
import { createGatewayApi } from "../api/gateway-api.ts";
import { createSnapshots } from "../evidence/create-snapshots.ts";
import type { CreatePlayer, Services } from "../hooks/services.ts";
import { createPlayer as newPlayer } from "../media/create-player.ts";
import { createPinnedTransports } from "../media/pinned-transports.ts";
import { createTapHub } from "../taps/tap-hub.ts";
import { createStation } from "../vision/create-station.ts";
import { applyFeedMessage } from "./feed-to-cache.ts";
import { createLateEvidence } from "./late-evidence.ts";
import { createLateSync } from "./late-sync.ts";
import { createStationHost } from "./station-host.ts";
import type { TextStore } from "./text-store.ts";
import { registerUpdates } from "./update.ts";

/** Builds every service of the page and starts those that run by themselves. */
export function startServices(queries: QueryClient, store: TextStore): Services {
  const api = createGatewayApi({ fetch: (...request) => globalThis.fetch(...request) });
  const feed = createFeed({ connect: openFeedSocket });
  const sync = createLateSync(async () => (await import("../sync/create-sync.ts")).createSync());
  const evidence = createLateEvidence(async () =>
    (await import("../evidence/create-evidence.ts")).createEvidence(),
  );
  const taps = createTapHub();
  const snapshots = createSnapshots({ connectTap: taps.connect });
  const station = createStationHost({
    createStation,
    connectTap: taps.connect,
    emit: (events: EventRecord[]) => sync.enqueue(events),
    nowMs: Date.now,
  });
  const update = registerUpdates({
    isSupported: import.meta.env.PROD && "serviceWorker" in navigator,
    reload: () => location.reload(),
  });
  const createPlayer: CreatePlayer = (facts) => newPlayer({ facts, connectTap: taps.connect });
  const pins = createPinnedTransports({
    ...store,
    onForeignWrite: (listener) => addEventListener("storage", listener),
  });

  feed.onMessage((message) => applyFeedMessage(queries, message));
  feed.onStatus((status) => {
    if (status !== "connected") return;
    // what was told meanwhile was missed
    void queries.invalidateQueries();
    // the gateway is back: what waits for it need not sit out its backoff
    sync.flush().catch(() => {}); // the outbox's chunk cannot be had now; it flushes when it starts
    evidence.flush().catch(() => {}); // the same
  });
  addEventListener("online", feed.retryNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") feed.retryNow();
  });
  sync.start();
  evidence.start();
  feed.start();
  // end-to-end tests make events of their own through the very outbox the station uses
  if (navigator.webdriver) Object.assign(globalThis, { guaritaEnqueue: sync.enqueue });
  return { api, feed, sync, evidence, snapshots, station, update, createPlayer, pins };
}

function openFeedSocket(): FeedSocket {
  const address = new URL(paths.feed, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  const feedSocket: FeedSocket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    close: () => socket.close(),
  };
  socket.onopen = () => feedSocket.onopen?.();
  socket.onmessage = ({ data }) => feedSocket.onmessage?.({ data });
  socket.onclose = () => feedSocket.onclose?.();
  return feedSocket;
}
