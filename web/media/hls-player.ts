import type Hls from "hls.js/light";
import type { ErrorData, HlsConfig, PlaylistLoaderConstructor } from "hls.js/light";
import type { CameraStream } from "#contract/cameras.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { hasNativeHls } from "./browser-abilities.ts";
import type { OpenSession } from "./open-session.ts";
import { createVideo, placePicture, whenFirstPicture } from "./place-picture.ts";
import { plainPlaylistLoader } from "./plain-playlist.ts";
import { createSessionRates } from "./session-rates.ts";
import type { TransportFailure } from "./transport.ts";

const WATCH_MS = 1_000;
/**
 * So many tiles play low latency (0.8 s late), further ones whole segments (1.2 s). Low latency keeps two blocking
 * requests open a tile, and over HTTP/1.1 a browser has six connections a host: four such tiles measured p95 2.1 s,
 * four plain ones 1.25 s, nine plain ones 1.6 s.
 */
const LOW_LATENCY_TILES = 1;
/** Farther behind than this beyond its target, playing on would never catch up: it jumps. */
const JUMP_BEHIND_S = 3;

const COMMON: Partial<HlsConfig> = {
  enableWorker: false, // fragments are MP4 already: nothing to convert
  backBufferLength: 2,
  maxBufferLength: 8,
  maxLiveSyncPlaybackRate: 1.3,
  liveSyncOnStallIncrease: 0.2, // the default of 1 s stays for ever, and a cold start stalls once as a rule
};
const LOW_LATENCY: Partial<HlsConfig> = { ...COMMON, lowLatencyMode: true };
const SEGMENTS: Partial<HlsConfig> = { ...COMMON, lowLatencyMode: false, liveSyncDurationCount: 2 };

let lowLatencyTiles = 0;

/** HLS by hls.js, as near to the live edge as it gets; by the browser's own player where there is no other. */
export const openHls: OpenSession = ({ camera, stream, container }, events) => {
  const video = createVideo();
  const place = placePicture(video, container, "hls");
  const playlist = playlistUrl(camera.id, stream);
  const isLowLatency = lowLatencyTiles < LOW_LATENCY_TILES;
  if (isLowLatency) lowLatencyTiles += 1;
  const rates = createSessionRates(Date.now);
  let hls: Hls | null = null;
  let bytes: number | null = null;
  let pictures = 0;
  let isOver = false;

  function release(): void {
    if (isOver) return;
    isOver = true;
    if (isLowLatency) lowLatencyTiles -= 1;
    clearInterval(watchTimer);
    hls?.stopLoad();
    video.pause();
  }

  function fail(failure: TransportFailure): void {
    if (isOver) return;
    release();
    events.onFailed(failure);
  }

  function tellPicture(): void {
    if (!isOver) events.onPicture({ widthPx: video.videoWidth, heightPx: video.videoHeight });
  }

  function watch(): void {
    const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
    events.onStats({
      ...rates({ frames: totalVideoFrames, bytes }),
      latencyMs: null,
      framesDecoded: totalVideoFrames,
      framesDropped: droppedVideoFrames,
      decoder: null,
      alikeSinceMs: null,
    });
    if (totalVideoFrames > pictures && video.videoWidth > 0) tellPicture();
    pictures = totalVideoFrames;
    const edgeS = hls?.liveSyncPosition;
    if (edgeS && edgeS - video.currentTime > JUMP_BEHIND_S) video.currentTime = edgeS;
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
    const loader = HlsPlayer.DefaultConfig.loader as PlaylistLoaderConstructor;
    hls = new HlsPlayer(isLowLatency ? LOW_LATENCY : { ...SEGMENTS, pLoader: plainPlaylistLoader(loader) });
    hls.on(HlsPlayer.Events.ERROR, (_name, error) => {
      if (error.fatal) fail(asFailure(error));
    });
    hls.on(HlsPlayer.Events.FRAG_LOADED, (_name, { payload }) => {
      bytes = (bytes ?? 0) + payload.byteLength;
    });
    hls.loadSource(playlist);
    hls.attachMedia(video);
  }

  whenFirstPicture(video, tellPicture);
  const watchTimer = setInterval(watch, WATCH_MS);
  play().catch((error: unknown) => fail({ kind: "network", detail: String(error) }));

  return {
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
};

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
