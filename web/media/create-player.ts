import { browserAbilities } from "./browser-abilities.ts";
import { watchCamera } from "./camera-watch.ts";
import { openDirect } from "./direct-player.ts";
import { openHls } from "./hls-player.ts";
import type { OpenSession } from "./open-session.ts";
import type { Player, PlayerFacts, PlayerState, Transport } from "./player.ts";
import { createPlayerMachine } from "./player-machine.ts";
import { openWhep } from "./whep-player.ts";

export type PlayerOptions = {
  facts: PlayerFacts;
  /** A port of the tap hub. Pass the same function to every player: those share one `direct` worker. */
  connectTap: () => MessagePort;
};

/** The live picture of one camera, by the best way that works now (see README.md). */
export function createPlayer({ facts, connectTap }: PlayerOptions): Player {
  const listeners = new Set<(state: PlayerState) => void>();
  const openers: Record<Transport, OpenSession> = {
    webrtc: openWhep,
    hls: openHls,
    direct: openDirect(connectTap),
  };
  let state: PlayerState = { status: "idle" };
  let container: HTMLElement | null = null;

  const machine = createPlayerMachine({
    facts,
    pinned: facts.pinned,
    browser: browserAbilities(),
    open(transport, camera, events) {
      if (!container) throw new Error("a transport was opened before start");
      return openers[transport]({ camera, stream: "main", container }, events);
    },
    watch: (cameraId, events) => watchCamera(connectTap(), cameraId, events),
    nowMs: Date.now,
    random: Math.random,
    onState(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      for (const listener of listeners) listener(state);
    },
  });

  return {
    start(element) {
      container = element;
      addEventListener("online", machine.retryNow);
      machine.start();
    },
    stop() {
      removeEventListener("online", machine.retryNow);
      machine.stop();
    },
    update: machine.update,
    resize() {},
    stats: () => null,
    picture: () => null,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
