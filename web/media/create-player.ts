import { browserAbilities } from "./browser-abilities.ts";
import { createCameraMemories } from "./camera-memory.ts";
import { watchCamera } from "./camera-watch.ts";
import { openDirect } from "./direct-player.ts";
import { openHls } from "./hls-player.ts";
import { createNetworkMemory } from "./network-memory.ts";
import type { OpenSession } from "./open-session.ts";
import { createPageClock } from "./page-clock.ts";
import type { Player, PlayerFacts, PlayerState, Transport } from "./player.ts";
import { createPlayerMachine } from "./player-machine.ts";
import { createPulse } from "./pulse.ts";
import { createTileCrowd } from "./tile-crowd.ts";
import { openWhep } from "./whep-player.ts";

export type PlayerOptions = {
  facts: PlayerFacts;
  /** A port of the tap hub. Pass the same function to every player: those share what a page has once. */
  connectTap: () => MessagePort;
};

const REVIEW_MS = 250;
const pages = new WeakMap<PlayerOptions["connectTap"], ReturnType<typeof createPage>>();

/** The live picture of one camera, by the best way that works now (see README.md). */
export function createPlayer({ facts, connectTap }: PlayerOptions): Player {
  const page = pages.get(connectTap) ?? createPage(connectTap);
  pages.set(connectTap, page);
  const listeners = new Set<(state: PlayerState) => void>();
  const place = page.hlsTiles.place();
  let container: HTMLElement | null = null;
  let widthPx = 0;

  const machine = createPlayerMachine({
    facts,
    browser: page.browser,
    memory: page.memoryOf(facts.camera.id),
    network: page.network,
    isHlsCrowded: place.isCrowded,
    isHeld: (session) => document.pictureInPictureElement === session.picture(),
    open({ transport, stream }, camera, events) {
      if (!container) throw new Error("a transport was opened before start");
      const session = page.openers[transport]({ camera, stream, container }, events);
      return transport === "hls" ? place.counted(session) : session;
    },
    watch: (cameraId, events) => watchCamera(connectTap(), cameraId, events),
    join: page.join,
    nowMs: Date.now,
    random: Math.random,
    onState(state) {
      for (const listener of listeners) listener(state);
    },
  });

  return {
    start(element) {
      container = element;
      addEventListener("online", machine.wake);
      if (widthPx === 0) machine.resize(element.clientWidth * devicePixelRatio);
      machine.start();
    },
    stop() {
      removeEventListener("online", machine.wake);
      machine.stop();
    },
    update: machine.update,
    resize(nextPx) {
      widthPx = nextPx;
      machine.resize(nextPx);
    },
    state: machine.state,
    stats: machine.stats,
    picture: () => machine.shown()?.session.picture() ?? null,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What the players of a page share. */
function createPage(connectTap: PlayerOptions["connectTap"]) {
  const clock = { nowMs: Date.now, random: Math.random };
  const openers: Record<Transport, OpenSession> = {
    webrtc: openWhep,
    hls: openHls(createPageClock(connectTap())),
    direct: openDirect(connectTap),
  };
  return {
    openers,
    browser: browserAbilities(),
    memoryOf: createCameraMemories(clock),
    network: createNetworkMemory(clock),
    hlsTiles: createTileCrowd(isMultiplexed() ? Number.POSITIVE_INFINITY : HLS_TILES),
    join: createPulse({ everyMs: REVIEW_MS, ...clock }),
  };
}

/**
 * Over HTTP/1.1 a browser opens six connections a host. Measured: four tiles of plain HLS 1.1 s late without a stall,
 * nine of them 1.5 to 2.2 s with 17 stalls; and the page's own requests wait behind them.
 */
const HLS_TILES = 4;

function isMultiplexed(): boolean {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return page?.nextHopProtocol === "h2" || page?.nextHopProtocol === "h3";
}
