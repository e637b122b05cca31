import type { QueryClient } from "@tanstack/react-query";
import type { EventRecord } from "#contract/events.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { createFeed, type FeedSocket } from "../api/feed.ts";
import { createGatewayApi } from "../api/gateway-api.ts";
import { createSnapshots } from "../evidence/create-snapshots.ts";
import type { CreatePlayer, Services } from "../hooks/services.ts";
import { createPlayer as newPlayer } from "../media/create-player.ts";
import { createPinnedTransports } from "../media/pinned-transports.ts";
import { proposedName, stationIdOf } from "../stations/station-identity.ts";
import { createStationLeases } from "../stations/station-leases.ts";
import { createTapHub } from "../taps/tap-hub.ts";
import { checkModel } from "../vision/check-model.ts";
import { createStation } from "../vision/create-station.ts";
import { isStationAwaited } from "../vision/station-lock.ts";
import { applyFeedMessage } from "./feed-to-cache.ts";
import { createLateEvidence } from "./late-evidence.ts";
import { createLateSync } from "./late-sync.ts";
import { createStationHost } from "./station-host.ts";
import { stationLedger } from "./station-ledger.ts";
import type { TextStore } from "./text-store.ts";
import { registerUpdates } from "./update.ts";

/** Builds every service of the page and starts those that run by themselves. */
export function startServices(queries: QueryClient, store: TextStore): Services {
  const api = createGatewayApi({ fetch: (...request) => globalThis.fetch(...request) });
  const feed = createFeed({ connect: openFeedSocket });
  const evidence = createLateEvidence(async () =>
    (await import("../evidence/create-evidence.ts")).createEvidence(),
  );
  const sync = createLateSync(async () =>
    // pictures go before events
    (await import("../sync/create-sync.ts")).createSync({ makeRoom: evidence.makeRoom }),
  );
  const taps = createTapHub();
  const snapshots = createSnapshots({ connectTap: taps.connect });
  const stationId = stationIdOf({ ...store, newId: randomId });
  const leases = createStationLeases({
    proposedName: proposedName(navigator.userAgent),
    session: randomId(),
    post: (report) => api.stationHeartbeat(stationId, report),
    sayGoodbye: (session) => sayGoodbye(stationId, session),
    hasHeir: () => isStationAwaited(navigator.locks),
    onLeases: (fences) => station.setLeases(fences),
    onResume: (known) => station.resume(known),
    ledger: () => stationLedger(sync.status(), Date.now()),
    nowMs: () => performance.now(),
  });
  const station = createStationHost({
    createStation,
    connectTap: taps.connect,
    emit: (events: EventRecord[]) => sync.enqueue(events),
    keepPicture: evidence.keep,
    stationId,
    leases,
    cores: navigator.hardwareConcurrency,
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

  feed.onMessage((message) => {
    applyFeedMessage(queries, message);
    if (message.type === "stations") leases.hurry();
  });
  feed.onStatus((status) => {
    if (status !== "connected") return;
    // what was told meanwhile was missed
    void queries.invalidateQueries();
    // the gateway is back: what waits for it need not sit out its backoff
    sync.flush().catch(() => {}); // the outbox's chunk cannot be had now; it flushes when it starts
    evidence.flush().catch(() => {}); // the same
    leases.hurry();
  });
  addEventListener("online", feed.retryNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") feed.retryNow();
  });
  // a hidden tab's timers come late; then what the running station says every second keeps the time
  setInterval(leases.tick, 1_000);
  addEventListener("pagehide", leases.leave);
  sync.start();
  evidence.start();
  feed.start();
  // a browser that is driven by a test makes events through the very outbox the station uses; nobody else is offered this
  if (navigator.webdriver) Object.assign(globalThis, { guaritaEnqueue: sync.enqueue });
  return {
    api,
    feed,
    sync,
    evidence,
    snapshots,
    station,
    stationId,
    update,
    createPlayer,
    pins,
    checkModel,
  };
}

/** `crypto.randomUUID` is only there at a secure address; nothing is analysed at another. */
const randomId = (): string =>
  isSecureContext ? crypto.randomUUID() : crypto.getRandomValues(new Uint32Array(4)).join("-");

/** Sent by the browser even when the page is gone. */
function sayGoodbye(id: string, session: string): void {
  const body = new Blob([JSON.stringify({ session })], { type: "application/json" });
  navigator.sendBeacon(fillPath(paths.stationLeave, { id }), body);
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
