import type Hls from "hls.js/light";
import type { ErrorData, HlsConfig, PlaylistLoaderConstructor } from "hls.js/light";
import type { CameraStream } from "#contract/cameras.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { createAlikeWatch } from "./alike-watch.ts";
import { hasNativeHls } from "./browser-abilities.ts";
import { everySecond } from "./every-second.ts";
import { LOW_LATENCY, SEGMENTS } from "./hls-config.ts";
import { createHlsDistance } from "./hls-distance.ts";
import { createHlsEdge } from "./hls-edge.ts";
import { type HlsTimes, hlsLatencyMs } from "./hls-latency.ts";
import { limitedLoader } from "./hls-loader.ts";
import { createLateGuard, lateDetail } from "./late-guard.ts";
import type { OpenSession } from "./open-session.ts";
import type { PageClock } from "./page-clock.ts";
import { looks, takeLoadTurn } from "./page-limits.ts";
import { createVideo, placePicture, whenFirstPicture } from "./place-picture.ts";
import { plainPlaylistLoader } from "./plain-playlist.ts";
import { createSegmentPace } from "./segment-pace.ts";
import { createSessionRates } from "./session-rates.ts";
import { createTileCrowd } from "./tile-crowd.ts";
import type { TransportFailure } from "./transport.ts";
import { hashVideo } from "./video-hash.ts";

/**
 * So many tiles play low latency, further ones whole segments. Low latency keeps two blocking requests open a tile, and
 * over HTTP/1.1 a browser has six connections a host: four such tiles measured p95 2.1 s.
 */
const LOW_LATENCY_TILES = 1;
/** Farther behind than this beyond its target, playing on would never catch up: it jumps. */
const JUMP_BEHIND_S = 3;
/** HLS is late by nature; beyond this even jumping did not help. */
const TOO_LATE = { lateMs: 8_000, forMs: 5_000 };

/** HLS by hls.js, as near to the live edge as it gets; by the browser's own player where there is no other. */
export function openHls(clock: PageClock): OpenSession {
  const lowLatencyTiles = createTileCrowd(LOW_LATENCY_TILES);
  const places = new WeakMap<HTMLElement, ReturnType<typeof lowLatencyTiles.place>>();

  return ({ camera, stream, container }, events) => {
    const video = createVideo();
    const place = placePicture(video, container, "hls");
    const playlist = playlistUrl(camera.id, stream);
    const tile = places.get(container) ?? lowLatencyTiles.place();
    places.set(container, tile);
    const isLowLatency = !tile.isCrowded();
    const rates = createSessionRates(Date.now);
    const alike = createAlikeWatch(Date.now);
    const isTooLate = createLateGuard(Date.now, TOO_LATE);
    const edge = createHlsEdge(Date.now);
    const distance = createHlsDistance(Date.now);
    const pace = createSegmentPace(() => performance.now());
    let hls: Hls | null = null;
    let bytes: number | null = null;
    let pictures = 0;
    let isOver = false;

    function release(): void {
      if (isOver) return;
      isOver = true;
      stopTicking();
      looks.remove(look);
      video.ontimeupdate = null;
      hls?.stopLoad();
      video.pause();
    }

    function fail(failure: TransportFailure): void {
      if (isOver) return;
      release();
      events.onFailed(failure);
    }

    function tellPicture(): void {
      if (isOver) return;
      const isLive = edge.grows() || !hls; // the browser's own player does not show its playlist
      if (isLive) events.onPicture({ widthPx: video.videoWidth, heightPx: video.videoHeight });
      else events.onStill();
    }

    async function look(): Promise<void> {
      const frames = pictures;
      const hash = await hashVideo(video);
      if (hash !== null) alike.look({ hash, frames, keyFrames: null });
    }

    function tick(): void {
      const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
      const hasNew = totalVideoFrames > pictures && video.videoWidth > 0;
      pictures = totalVideoFrames;
      jumpToEdge();
      const latencyMs = hasNew ? hlsLatencyMs(timesOf(hls, video, clock)) : null;
      events.onStats({
        ...rates({ frames: pictures, bytes }),
        latencyMs,
        framesDecoded: pictures,
        framesDropped: droppedVideoFrames,
        decoder: null, // no browser tells
        alikeSinceMs: alike.sinceMs(),
      });
      if (hasNew) {
        looks.add(look);
        tellPicture();
      }
      if (isTooLate(latencyMs)) fail({ kind: "broken", detail: lateDetail(latencyMs ?? 0) });
    }

    function jumpToEdge(): void {
      const edgeS = hls?.liveSyncPosition;
      if (edgeS && edgeS - video.currentTime > JUMP_BEHIND_S) video.currentTime = edgeS;
    }

    function keepDistance(): void {
      const details = hls?.latestLevelDetails;
      if (!hls || !details) return;
      video.playbackRate = distance.rate({
        behindEdgeS: details.edge + details.age - video.currentTime,
        bufferS: hls.mainForwardBufferInfo?.len ?? 0,
        partHoldBackS: isLowLatency ? details.partHoldBack : 0,
        segmentS: details.targetduration,
      });
    }

    async function play(): Promise<void> {
      if (hasNativeHls()) {
        video.src = playlist;
        video.onerror = () => fail({ kind: "broken", detail: video.error?.message ?? "" });
        return;
      }
      const { default: HlsPlayer } = await import("hls.js/light");
      if (isOver) return;
      // its one loader serves every kind of context; the type says so only of the general one
      const loader = limitedLoader(HlsPlayer.DefaultConfig.loader as PlaylistLoaderConstructor, {
        take: (onTurn) => takeLoadTurn(bytes === null)(onTurn),
        onBytes(count) {
          bytes = (bytes ?? 0) + count;
        },
      });
      const mode = isLowLatency ? LOW_LATENCY : { ...SEGMENTS, pLoader: plainPlaylistLoader(loader, pace) };
      hls = new HlsPlayer({ ...mode, loader: loader as HlsConfig["loader"] });
      hls.on(HlsPlayer.Events.ERROR, (_name, error) => {
        if (error.fatal) fail(asFailure(error));
        else if (error.details === HlsPlayer.ErrorDetails.BUFFER_STALLED_ERROR) distance.stalled();
      });
      hls.on(HlsPlayer.Events.LEVEL_UPDATED, (_name, { details }) => {
        // hls.js counts on from here by the length of a segment, once this request is made
        details.requestScheduled = pace.askAtMs() ?? details.requestScheduled;
        const isFirst = !edge.grows();
        edge.heard(details.edge);
        if (isFirst && edge.grows() && pictures > 0) tellPicture();
      });
      hls.loadSource(playlist);
      hls.attachMedia(video);
      video.ontimeupdate = keepDistance;
    }

    whenFirstPicture(video, () => {
      pictures = Math.max(pictures, 1);
      tellPicture();
    });
    const stopTicking = everySecond(tick);
    play().catch((error: unknown) => fail({ kind: "network", detail: String(error) }));

    const session = {
      show: place.show,
      picture: () => video,
      release,
      stop() {
        release();
        hls?.destroy();
        video.removeAttribute("src");
        video.load(); // frees the decoder now, not with the garbage
        place.remove();
      },
    };
    return isLowLatency ? tile.counted(session) : session;
  };
}

function timesOf(hls: Hls | null, video: HTMLVideoElement, clock: PageClock): HlsTimes {
  const shownAt = hls ? hls.playingDate : nativePlayingDate(video);
  return {
    shownSentAtMs: shownAt?.getTime() ?? null,
    gatewayNowMs: clock.gatewayNowMs(),
    behindEdgeMs: hls && hls.latency > 0 ? hls.latency * 1_000 : null,
  };
}

/** Only Safari has `getStartDate`. */
function nativePlayingDate(video: HTMLVideoElement & { getStartDate?(): Date }): Date | null {
  const startMs = video.getStartDate?.().getTime() ?? Number.NaN;
  return Number.isNaN(startMs) ? null : new Date(startMs + video.currentTime * 1_000);
}

/** With `cookieCheck` the media server keeps its session in the addresses: no redirect, no cookie. */
function playlistUrl(cameraId: string, stream: CameraStream): string {
  return `${fillPath(paths.hls, { id: cameraId, stream })}/index.m3u8?cookieCheck=1`;
}

function asFailure({ type, details, response }: ErrorData): TransportFailure {
  const detail = response?.code ? `${details}, HTTP ${response.code}` : details;
  if (details === "manifestIncompatibleCodecsError") return { kind: "unsupported", detail };
  if (type !== "networkError") return { kind: "broken", detail };
  if (response?.code === 503) return { kind: "unavailable", detail };
  return { kind: response?.code ? "broken" : "network", detail };
}
