import type { Camera, CameraState, StreamFormat } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";
import type { Attempt, Way } from "./attempt.ts";
import type { BrowserAbilities } from "./browser-abilities.ts";
import type { WatchEvents } from "./camera-watch.ts";
import { chooseTransport, PREFERENCE, type TransportChoice } from "./choose-transport.ts";
import { createFailedLately } from "./failed-lately.ts";
import type { PlayerState, Transport, TransportReason } from "./player.ts";
import { describeState, STALLED_MS } from "./player-state.ts";
import type { PictureSize, TransportEvents, TransportFailure, TransportSession } from "./transport.ts";

type Facts = { camera: Camera; media: MediaState };

export type PlayerMachineDeps = {
  facts: Facts;
  pinned?: Transport | undefined;
  browser: BrowserAbilities;
  open(transport: Transport, camera: Camera, events: TransportEvents): TransportSession;
  /** Has the camera watched; returns the function that ends it. */
  watch(cameraId: string, events: WatchEvents): () => void;
  nowMs: () => number;
  random: () => number;
  onState(state: PlayerState): void;
};

const REVIEW_MS = 250;
/** Without a new picture for this long a shown transport is given up. */
const SILENT_MS = 6_000;
/** A try may take this long: a camera with key frames every 10 s is still a camera that works. */
const NO_PICTURE_MS = 12_000;
/** When the wanted transport takes longer than this, `direct` is shown meanwhile. */
const BRIDGE_AFTER_MS = 1_200;
/** After playing this long, a failure is the first one again. */
const SETTLED_MS = 30_000;
/** The media server says by itself when it is ready; this only guards against an answer that crossed its start. */
const UNAVAILABLE_MS = 3_000;
const RETRY: BackoffPolicy = { firstMs: 300, maxMs: 5_000, jitterFraction: 0.2 };

/**
 * Keeps one good picture of one camera. A try is opened unseen and shown with its first picture, so that climbing to a
 * better transport and coming back after a fault never blank what is there. Browser-free: given time and sessions.
 */
export function createPlayerMachine(deps: PlayerMachineDeps) {
  const { browser, nowMs, random } = deps;
  const failedLately = createFailedLately({ nowMs, random });
  let { camera, media } = deps.facts;
  let format: StreamFormat | undefined = knownFormat(camera.state);
  const undecodable = new Set<Transport>();
  let way: Way = { link: null, camera: null };
  let shown: Attempt | null = null;
  let trying: Attempt | null = null;
  let bridge: Attempt | null = null;
  let misses = 0;
  let nextTryAtMs = 0;
  /** Since when nothing but the transport itself stands between the camera and a picture. */
  let clearSinceMs = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let stopWatch: (() => void) | undefined;

  function choose(): TransportChoice {
    return chooseTransport({
      media,
      format,
      browser,
      failedLately: failedLately.current(),
      undecodable,
      pinned: deps.pinned,
    });
  }

  function review(): void {
    if (!timer) return;
    giveUpSilent();
    const choice = choose();
    if (choice.kind === "none") dropTries();
    else if (shown && isFresh(shown)) improve(shown, choice);
    else recover(choice);
    settle();
    publish(choice);
  }

  /** A picture is there: only a better transport is worth a try. */
  function improve(current: Attempt, choice: TransportChoice & { kind: "use" }): void {
    const isWorth = deps.pinned
      ? choice.transport !== current.transport
      : rank(choice.transport) < rank(current.transport);
    if (!isWorth || (trying && trying.transport !== choice.transport)) dropTries();
    if (isWorth && !trying && mayTry()) trying = open(choice.transport, choice.reason);
  }

  /** No picture, or an old one: try what is wanted, and bridge when it takes long. */
  function recover(choice: TransportChoice & { kind: "use" }): void {
    if (trying && trying.transport !== choice.transport) dropTries();
    const isWaitedFor = shown && !shown.ended && nowMs() - clearSinceMs < graceMs(shown);
    if (!trying && !isWaitedFor && mayTry()) trying = open(choice.transport, choice.reason);
    if (!trying || bridge || deps.pinned || trying.transport === "direct" || !mayTry()) return;
    const isSlow = nowMs() - Math.max(trying.openedAtMs, clearSinceMs) > BRIDGE_AFTER_MS;
    const canBridge = browser.direct && !undecodable.has("direct") && !failedLately.current().has("direct");
    const isThere = shown?.transport === "direct" && !shown.ended;
    if (isSlow && canBridge && !isThere) bridge = open("direct", "while_connecting");
  }

  /** `direct` comes back by itself with the camera; the others mostly do not, and are only asked anew. */
  function graceMs(attempt: Attempt): number {
    return attempt.transport === "direct" ? SILENT_MS : 0;
  }

  function mayTry(): boolean {
    return way.link !== "lost" && !cameraHoldsUp() && nowMs() >= nextTryAtMs;
  }

  /**
   * Whether the camera is known to give nothing to anybody. Not so where only our own reader does not understand it, or
   * where the sub stream's address alone may be wrong.
   */
  function cameraHoldsUp(): boolean {
    if (way.camera?.status !== "down") return false;
    const { fault } = way.camera;
    if (fault === "protocol" || fault === "no_video" || fault === "unsupported_codec") return false;
    return fault !== "not_found" || camera.subAddress === undefined;
  }

  function isClear(): boolean {
    return way.link !== "lost" && (way.camera === null || way.camera.status === "online");
  }

  function open(transport: Transport, reason: TransportReason): Attempt {
    const attempt: Attempt = {
      transport,
      reason,
      session: deps.open(transport, camera, {
        onPicture: (size) => takePicture(attempt, size),
        onStats() {},
        onFailed(failure) {
          end(attempt, failure);
          review();
        },
      }),
      openedAtMs: nowMs(),
      firstPictureAtMs: null,
      lastPictureAtMs: 0,
      size: { widthPx: 0, heightPx: 0 },
      ended: false,
    };
    return attempt;
  }

  function takePicture(attempt: Attempt, size: PictureSize): void {
    if (attempt.ended) return;
    attempt.lastPictureAtMs = nowMs();
    attempt.firstPictureAtMs ??= nowMs();
    attempt.size = size;
    if (attempt !== shown) show(attempt);
    review();
  }

  function show(attempt: Attempt): void {
    attempt.session.show();
    shown?.session.stop();
    shown = attempt;
    if (attempt === bridge) bridge = null;
    if (attempt !== trying) return;
    trying = null;
    misses = 0;
    nextTryAtMs = 0;
    dropTries();
  }

  function end(attempt: Attempt, failure: TransportFailure): void {
    if (attempt.ended) return;
    attempt.ended = true;
    attempt.session.release();
    if (attempt !== shown) attempt.session.stop();
    if (attempt === trying) trying = null;
    if (attempt === bridge) bridge = null;
    blame(attempt.transport, failure);
    const next = choose();
    if (next.kind === "use" && next.transport === attempt.transport) {
      nextTryAtMs = nowMs() + backoffMs(RETRY, misses, random);
      misses += 1;
    }
  }

  /** Only a transport that failed while gateway and camera were well is set aside. */
  function blame(transport: Transport, { kind }: TransportFailure): void {
    if (kind === "unsupported") undecodable.add(transport);
    else if (kind === "unavailable") {
      failedLately.note("webrtc", UNAVAILABLE_MS);
      failedLately.note("hls", UNAVAILABLE_MS);
    } else if (kind !== "network") {
      if (isClear()) failedLately.note(transport);
    } else if (way.link === null) way = { ...way, link: "lost" };
  }

  function giveUpSilent(): void {
    if (!isClear()) return;
    const detail = "No picture came.";
    for (const attempt of [shown, trying, bridge]) {
      if (!attempt || attempt.ended) continue;
      const since = Math.max(attempt.lastPictureAtMs || attempt.openedAtMs, clearSinceMs);
      const limitMs = attempt.firstPictureAtMs === null ? NO_PICTURE_MS : SILENT_MS;
      if (nowMs() - since > limitMs) end(attempt, { kind: "broken", detail });
    }
  }

  function settle(): void {
    const since = shown?.firstPictureAtMs;
    if (shown && since && isFresh(shown) && nowMs() - since > SETTLED_MS)
      failedLately.forget(shown.transport);
  }

  function isFresh(attempt: Attempt): boolean {
    return !attempt.ended && nowMs() - attempt.lastPictureAtMs < STALLED_MS;
  }

  function dropTries(): void {
    trying?.session.stop();
    bridge?.session.stop();
    trying = bridge = null;
  }

  /** Nothing is in the way any more: whatever waited, waits no longer. */
  function clear(): void {
    clearSinceMs = nowMs();
    misses = 0;
    nextTryAtMs = 0;
  }

  /** As `clear`, after a fault: what was tried meanwhile hangs on the dead stream, and would hang on. */
  function clearAfterFault(): void {
    clear();
    dropTries();
  }

  function learn(told: StreamFormat): void {
    if (told.codec !== format?.codec) undecodable.clear();
    format = told;
  }

  const watchEvents: WatchEvents = {
    onLink(connected) {
      const wasLost = way.link === "lost";
      // the first message of a port may come before the hub has connected at all
      if (connected) way = { ...way, link: "up" };
      else way = { link: way.link === "up" ? "lost" : way.link, camera: null };
      if (connected && wasLost) clearAfterFault();
      review();
    },
    onCamera(state) {
      const before = way.camera;
      if (state.status === "connecting" && before?.status === "down") return; // still down, until it is online
      way = { ...way, camera: state };
      if (state.status === "online") {
        learn(state.format);
        if (before?.status === "down") clearAfterFault();
        else if (before?.status !== "online") clear();
      }
      if (state.status === "down") failedLately.pardonSince(nowMs() - SETTLED_MS);
      review();
    },
    onFormat(told) {
      learn(told);
      review();
    },
  };

  function publish(choice = choose()): void {
    deps.onState(describeState({ nowMs: nowMs(), choice, shown, trying, way }));
  }

  return {
    start(): void {
      if (timer) return;
      timer = setInterval(review, REVIEW_MS);
      clear();
      stopWatch = deps.watch(camera.id, watchEvents);
      review();
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
      stopWatch?.();
      dropTries();
      shown?.session.stop();
      shown = null;
      way = { link: null, camera: null };
      deps.onState({ status: "idle" });
    },
    update(facts: Facts): void {
      ({ camera, media } = facts);
      format ??= knownFormat(camera.state);
      review();
    },
    /** The browser is online again. */
    retryNow(): void {
      nextTryAtMs = 0;
      review();
    },
  };
}

function rank(transport: Transport): number {
  return PREFERENCE.indexOf(transport);
}

function knownFormat(state: CameraState): StreamFormat | undefined {
  return state.status === "online" ? state.format : undefined;
}
