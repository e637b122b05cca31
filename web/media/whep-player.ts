import { createAlikeWatch } from "./alike-watch.ts";
import { everySecond } from "./every-second.ts";
import { createLateGuard, lateDetail } from "./late-guard.ts";
import type { OpenSession } from "./open-session.ts";
import { looks } from "./page-limits.ts";
import { createVideo, placePicture, whenFirstPicture } from "./place-picture.ts";
import { createSessionRates } from "./session-rates.ts";
import { createShownDelay } from "./shown-delay.ts";
import type { TransportFailure } from "./transport.ts";
import { hashVideo } from "./video-hash.ts";
import { createWayDelay, readReports, type WhepCounters } from "./whep-figures.ts";
import { deleteSession, postOffer } from "./whep-offer.ts";

/** WebRTC by WHEP, video only. A camera that stops leaves the peer connected, so decoded pictures are counted. */
export const openWhep: OpenSession = ({ camera, stream, container }, events) => {
  const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const cancel = new AbortController();
  const video = createVideo();
  const place = placePicture(video, container, "webrtc");
  const rates = createSessionRates(Date.now);
  const wayDelay = createWayDelay(Date.now);
  const shown = createShownDelay(video);
  const alike = createAlikeWatch(Date.now);
  const isTooLate = createLateGuard(Date.now);
  let session: URL | null = null;
  let before: WhepCounters | null = null;
  let isOver = false;

  function release(): void {
    if (isOver) return;
    isOver = true;
    stopTicking();
    shown.stop();
    looks.remove(look);
    cancel.abort();
    video.pause(); // a playing one turns black when its peer is closed: its last picture must stay
    peer.close(); // browsers allow some 500 peers, closed ones excepted
    if (session) deleteSession(session);
  }

  function fail(failure: TransportFailure): void {
    if (isOver) return;
    release();
    events.onFailed(failure);
  }

  function tellPicture(): void {
    if (!isOver) events.onPicture({ widthPx: video.videoWidth, heightPx: video.videoHeight });
  }

  async function look(): Promise<void> {
    if (!before) return;
    const { frames, keyFrames } = before;
    const hash = await hashVideo(video);
    if (hash !== null) alike.look({ hash, frames, keyFrames });
  }

  async function tick(): Promise<void> {
    const now = readReports((await peer.getStats()).values());
    if (isOver) return;
    const latencyMs = now && latency(now);
    const hasNew = (now?.frames ?? 0) > (before?.frames ?? 0) && video.videoWidth > 0;
    before = now ?? before;
    events.onStats({
      ...rates({ frames: before?.frames ?? 0, bytes: before?.bytes ?? 0 }),
      latencyMs,
      framesDecoded: before?.frames ?? 0,
      framesDropped: before?.dropped ?? 0,
      decoder: before?.decoder ?? null,
      alikeSinceMs: alike.sinceMs(),
    });
    if (hasNew) {
      looks.add(look);
      shown.measure();
      tellPicture();
    }
    if (isTooLate(latencyMs)) fail({ kind: "broken", detail: lateDetail(latencyMs ?? 0) });
  }

  /** Null where no new picture came in the last second. */
  function latency(now: WhepCounters): number | null {
    const frames = now.frames - (before?.frames ?? 0);
    if (frames <= 0) return null;
    const wayMs = wayDelay(now);
    const processed = now.processingMs === null ? null : now.processingMs - (before?.processingMs ?? 0);
    const here = shown.delayMs() ?? (processed === null ? null : processed / frames);
    return here === null ? null : wayMs + here;
  }

  async function connect(): Promise<void> {
    const transceiver = peer.addTransceiver("video", { direction: "recvonly" });
    transceiver.receiver.jitterBufferTarget = 0; // live: a late picture is worth less than a missing one
    peer.ontrack = ({ track, streams }) => {
      video.srcObject = streams[0] ?? new MediaStream([track]);
    };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed") fail({ kind: "broken", detail: "The WebRTC connection broke." });
    };
    await peer.setLocalDescription();
    // without candidates: the browser calls the media server, which learns from that where to send to
    const answer = await postOffer(
      { id: camera.id, stream },
      peer.localDescription?.sdp ?? "",
      cancel.signal,
    );
    if (!answer) return;
    if ("failure" in answer) return fail(answer.failure);
    session = answer.session;
    if (isOver) deleteSession(session);
    else await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  }

  whenFirstPicture(video, tellPicture);
  const breakDown = (error: unknown) => fail({ kind: "broken", detail: String(error) });
  const stopTicking = everySecond(() => void tick().catch(breakDown));
  connect().catch(breakDown);

  return {
    show: place.show,
    picture: () => video,
    release,
    stop() {
      release();
      video.srcObject = null;
      place.remove();
    },
  };
};
