import type { Camera, CameraStream } from "#contract/cameras.ts";
import { type Attempt, isSameRoute, type Route } from "./attempt.ts";
import type { BrowserAbilities } from "./browser-abilities.ts";
import type { CameraMemory } from "./camera-memory.ts";
import type { WatchEvents } from "./camera-watch.ts";
import { chooseStream, hasSub } from "./choose-stream.ts";
import { chooseTransport, PREFERENCE, type TransportChoice } from "./choose-transport.ts";
import { createFollowCamera } from "./follow-camera.ts";
import type { NetworkMemory } from "./network-memory.ts";
import { isMoving, isOrphan, isSilent, isSlow, isWaitedFor } from "./patience.ts";
import type { PlayerFacts, PlayerState, PlayerStats, Transport, TransportReason } from "./player.ts";
import { describeState, isFresh, isSameState } from "./player-state.ts";
import type { Beat } from "./pulse.ts";
import { createRenewal } from "./renewal.ts";
import { createRetry } from "./retry.ts";
import type { TransportEvents, TransportFailure, TransportSession } from "./transport.ts";
import { createTries } from "./tries.ts";
import { createVerdict, SETTLED_MS } from "./verdict.ts";
import { isClear, isOpen, isSubBroken } from "./way.ts";

export type PlayerMachineDeps = {
  facts: PlayerFacts;
  browser: BrowserAbilities;
  memory: CameraMemory;
  network: NetworkMemory;
  /** As many tiles play HLS, this one not counted, as one page bears. */
  isHlsCrowded(): boolean;
  /** Another element must not take the place of this one now: it floats as picture in picture. */
  isHeld(session: TransportSession): boolean;
  open(route: Route, camera: Camera, events: TransportEvents): TransportSession;
  /** Has the camera watched; returns the function that ends it. */
  watch(cameraId: string, events: WatchEvents): () => void;
  /** Joins the page's pulse; returns the function that leaves it. */
  join(beat: Beat): () => void;
  nowMs: () => number;
  random: () => number;
  /** Called on changes only. */
  onState(state: PlayerState): void;
};

/** A media server that has just started may not know every camera yet. */
const MEDIA_WARMS_UP_MS = 5_000;
type Wanted = Route & { reason: TransportReason };

/**
 * Keeps one good picture of one camera. A try is opened unseen and shown with its first picture, so that climbing to a
 * better transport, another stream and coming back after a fault never blank what is there. Browser-free: given time
 * and sessions.
 */
export function createPlayerMachine(deps: PlayerMachineDeps) {
  const { browser, memory, nowMs } = deps;
  let { facts } = deps;
  let widthPx = 0;
  let state: PlayerState = { status: "idle" };
  /** Since when nothing but the transport itself stands between the camera and a picture. */
  let clearSinceMs = 0;
  let lastNewAtMs: number | null = null;
  /** Since when the media server runs again; what it served before is dead. */
  let mediaSinceMs = Number.NEGATIVE_INFINITY;
  let leave: (() => void) | undefined;
  let stopWatch: (() => void) | undefined;
  const retry = createRetry(deps);
  const renewal = createRenewal(deps);
  const verdict = createVerdict(deps);
  const follow = createFollowCamera({
    camera: facts.camera,
    memory,
    onClear(afterFault) {
      clear();
      if (afterFault) dropTries();
    },
    onDown: () => verdict.pardonSince(nowMs() - SETTLED_MS),
    onChange: review,
  });
  const tries = createTries({
    open: (route, events) => deps.open(route, facts.camera, events),
    nowMs,
    onPicture() {
      if (state.status !== "playing") review();
    },
    onShown(attempt) {
      memory.hadPicture = true;
      retry.forget(attempt);
      verdict.worked(attempt);
      review();
    },
    onFailed(attempt, failure) {
      end(attempt, failure);
      review();
    },
  });
  const { now } = tries;

  function wantedStream(): CameraStream {
    const current = now.shown?.stream ?? now.trying?.stream ?? null;
    return chooseStream({
      camera: facts.camera,
      widthPx,
      current,
      isSubBroken: isSubBroken(follow.way().camera),
    });
  }

  function choose(stream: CameraStream): TransportChoice {
    const { format, undecodable } = memory[stream];
    const { media, pinned } = facts;
    const isHlsCrowded = deps.isHlsCrowded();
    const failedLately = verdict.failedLately(stream);
    return chooseTransport({ media, format, browser, failedLately, undecodable, isHlsCrowded, pinned });
  }

  function review(): void {
    if (!leave) return;
    giveUpSilent();
    const stream = wantedStream();
    const choice = choose(stream);
    if (choice.kind === "none" || !isOpen(follow.way(), facts.camera)) leaveAlone();
    else {
      const wanted = { transport: choice.transport, stream, reason: choice.reason };
      if (now.shown && moves(now.shown)) improve(now.shown, wanted);
      else recover(wanted);
    }
    if (now.shown && isFresh(now.shown, nowMs())) verdict.settle(now.shown);
    publish(choice);
  }

  /** Nothing can come of a try now. What is shown may yet go on by itself, but must not repeat a wrong password. */
  function leaveAlone(): void {
    dropTries();
    const { shown } = now;
    const { camera } = follow.way();
    const isRefused = camera.status === "down" && camera.fault === "unauthorized";
    if (isRefused && shown && !shown.ended && !moves(shown)) tries.end(shown);
  }

  /** A picture is there: only a better one is worth a try. */
  function improve(current: Attempt, wanted: Wanted): void {
    tries.drop("bridge");
    const isWorth =
      isBetter(current, wanted) ||
      isLeftBehind(current) ||
      renewal.isDue(current, follow.way().camera, now.trying !== null);
    const { trying } = now;
    if (trying && !(isWorth && isSameRoute(trying, wanted))) tries.drop("trying");
    if (!isWorth || now.trying || !retry.isDue(wanted)) return;
    if (isSameRoute(current, wanted)) renewal.noteOpened();
    tries.open("trying", wanted, wanted.reason);
  }

  function isBetter(current: Attempt, wanted: Wanted): boolean {
    if (deps.isHeld(current.session)) return false;
    if (verdict.failedLately(wanted.stream).has(wanted.transport)) return false; // wanted for lack of others
    if (facts.pinned || wanted.stream !== current.stream) return !isSameRoute(current, wanted);
    return rank(wanted.transport) < rank(current.transport);
  }

  /** It shows what is left of a media server that is gone, while a new one runs. */
  function isLeftBehind(current: Attempt): boolean {
    return (
      facts.media.status === "running" && isOrphan(current, mediaSinceMs) && !deps.isHeld(current.session)
    );
  }

  /** No picture, or an old one: try what is wanted, and bridge when it takes long. */
  function recover(wanted: Wanted): void {
    if (now.trying && !isSameRoute(now.trying, wanted)) tries.drop("trying");
    if (now.bridge && !now.trying && isSameRoute(now.bridge, wanted)) tries.promote(wanted.reason);
    const waits = now.shown && isWaitedFor(now.shown, times());
    if (!now.trying && !waits && retry.isDue(wanted)) tries.open("trying", wanted, wanted.reason);
    bridgeOver(wanted);
  }

  function bridgeOver(wanted: Wanted): void {
    const { trying, shown, bridge } = now;
    if (bridge || facts.pinned || !browser.direct) return;
    const stream = hasSub(facts.camera) && !isSubBroken(follow.way().camera) ? "sub" : "main"; // sub is tapped already
    const route: Route = { transport: "direct", stream };
    if (isSameRoute(wanted, route) || !retry.isDue(route)) return;
    if (shown && !shown.ended && isSameRoute(shown, route)) return;
    if (memory[stream].undecodable.has("direct") || verdict.failedLately(stream).has("direct")) return;
    const isNeeded = trying ? isSlow(trying, memory.hadPicture, times()) : retry.hasFailed(wanted);
    if (isNeeded) tries.open("bridge", route, "while_connecting");
  }

  function end(attempt: Attempt, failure: TransportFailure): void {
    tries.end(attempt);
    retry.noteFailed(attempt);
    if (failure.kind === "network") follow.noteUnanswered();
    const isMediaNew = nowMs() - mediaSinceMs < MEDIA_WARMS_UP_MS && attempt.transport !== "direct";
    const { kind } = failure;
    const blamed = kind === "broken" && isMediaNew ? "unavailable" : kind;
    verdict.blame(attempt, blamed, isClear(follow.way(), facts.camera));
  }

  function giveUpSilent(): void {
    if (!isClear(follow.way(), facts.camera)) return;
    for (const attempt of [now.shown, now.trying, now.bridge]) {
      if (attempt && !attempt.ended && isSilent(attempt, times()))
        end(attempt, { kind: "broken", detail: "No picture came." });
    }
  }

  function moves(attempt: Attempt): boolean {
    return isMoving(attempt, nowMs(), facts.media.status === "running" ? mediaSinceMs : null);
  }

  const times = () => ({ nowMs: nowMs(), clearSinceMs });

  function dropTries(): void {
    tries.drop("trying");
    tries.drop("bridge");
  }

  /** Nothing is in the way any more: whatever waited, waits no longer. */
  function clear(): void {
    clearSinceMs = nowMs();
    retry.reset();
  }

  function publish(choice: TransportChoice): void {
    const isPinned = facts.pinned !== undefined;
    const way = follow.way();
    const waitingSinceMs = isClear(way, facts.camera) ? clearSinceMs : null;
    const told = { nowMs: nowMs(), choice, isPinned, ...now, way, waitingSinceMs, lastNewAtMs };
    const next = describeState(told);
    if (next.status === "playing") lastNewAtMs = now.shown?.lastPictureAtMs ?? lastNewAtMs;
    else if ("lastPictureAtMs" in next) lastNewAtMs = next.lastPictureAtMs;
    tell(next);
  }

  function tell(next: PlayerState): void {
    if (isSameState(state, next)) return;
    state = next;
    deps.onState(next);
  }

  function wake(): void {
    verdict.forgive();
    if (!leave) return;
    clear();
    dropTries();
    review();
  }

  return {
    start(): void {
      if (leave) return;
      follow.restart();
      leave = deps.join((hasSlept) => (hasSlept ? wake() : review()));
      clear();
      stopWatch = deps.watch(facts.camera.id, follow.events);
      review();
    },
    stop(): void {
      leave?.();
      leave = undefined;
      stopWatch?.();
      stopWatch = undefined;
      dropTries();
      tries.drop("shown");
      tell({ status: "idle" });
    },
    update(next: PlayerFacts): void {
      const before = facts;
      facts = next;
      follow.update(next.camera);
      const isBack = next.media.status === "running" && before.media.status !== "running";
      if (isBack) {
        verdict.mediaIsBack();
        mediaSinceMs = nowMs();
        if (now.trying && isOrphan(now.trying, mediaSinceMs)) tries.drop("trying");
      }
      if (isBack || next.pinned !== before.pinned) retry.reset();
      review();
    },
    resize(nextPx: number): void {
      widthPx = nextPx;
      review();
    },
    /** The network or the page is back: what failed before says nothing about now. */
    wake,
    state: () => state,
    shown: () => now.shown,
    stats(): PlayerStats | null {
      const { shown } = now;
      if (!shown?.stats) return null;
      const { transport, stream, reason, size, stats } = shown;
      const codec = memory[stream].format?.codec ?? null;
      return { ...stats, ...size, transport, stream, reason, codec };
    },
  };
}

function rank(transport: Transport): number {
  return PREFERENCE.indexOf(transport);
}
