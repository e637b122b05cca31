import { ErrorAnswer } from "#contract/errors.ts";
import { fillPath, paths } from "#contract/paths.ts";
import type { OpenSession } from "./open-session.ts";
import { createVideo, placePicture, whenFirstPicture } from "./place-picture.ts";
import { createSessionRates } from "./session-rates.ts";
import type { TransportFailure } from "./transport.ts";

const STATS_MS = 1_000;
/** The gateway finds the camera within 10 s or says why not. */
const OFFER_TIMEOUT_MS = 12_000;
/** Candidates of the own machine are there in a few ms; waiting for more than these only delays the picture. */
const GATHER_MS = 150;

/** WebRTC by WHEP, video only. A camera that stops leaves the peer connected, so decoded pictures are counted. */
export const openWhep: OpenSession = ({ camera, stream, container }, events) => {
  const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const cancel = new AbortController();
  const video = createVideo();
  const place = placePicture(video, container, "webrtc");
  const rates = createSessionRates(Date.now);
  let session: URL | null = null;
  let framesDecoded = 0;
  let isOver = false;

  function release(): void {
    if (isOver) return;
    isOver = true;
    clearInterval(statsTimer);
    cancel.abort();
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

  function tellStats(report: RTCInboundRtpStreamStats): void {
    if (isOver) return;
    events.onStats({
      ...rates({ frames: report.framesDecoded ?? 0, bytes: report.bytesReceived ?? null }),
      latencyMs: null,
      framesDecoded: report.framesDecoded ?? 0,
      framesDropped: report.framesDropped ?? 0,
      decoder: report.decoderImplementation ?? null,
      alikeSinceMs: null,
    });
  }

  async function countPictures(): Promise<void> {
    for (const report of (await peer.getStats()).values()) {
      if (report.type !== "inbound-rtp" || report.kind !== "video") continue;
      if (report.framesDecoded > framesDecoded && video.videoWidth > 0) tellPicture();
      framesDecoded = report.framesDecoded;
      tellStats(report);
    }
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
    await gathered(peer);
    if (isOver) return;
    const answer = await postOffer(
      { id: camera.id, stream },
      peer.localDescription?.sdp ?? "",
      cancel.signal,
    );
    if ("failure" in answer) fail(answer.failure);
    else {
      session = answer.session;
      if (isOver) deleteSession(session);
      else await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    }
  }

  whenFirstPicture(video, tellPicture);
  const statsTimer = setInterval(() => void countPictures(), STATS_MS);
  connect().catch((error: unknown) => fail({ kind: "broken", detail: String(error) }));

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

type OfferAnswer = { sdp: string; session: URL } | { failure: TransportFailure };

async function postOffer(
  of: { id: string; stream: string },
  sdp: string,
  cancelled: AbortSignal,
): Promise<OfferAnswer> {
  const url = new URL(fillPath(paths.whep, of), location.href);
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(OFFER_TIMEOUT_MS)]);
  const headers = { "content-type": "application/sdp" };
  try {
    const response = await fetch(url, { method: "POST", headers, body: sdp, signal });
    const text = await response.text();
    if (!response.ok) return { failure: refusal(response.status, text) };
    return { sdp: text, session: new URL(response.headers.get("location") ?? "", url) };
  } catch (error) {
    return { failure: { kind: "network", detail: String(error) } };
  }
}

function refusal(status: number, text: string): TransportFailure {
  const { code, message } = readError(text) ?? { code: null, message: `HTTP ${status}` };
  return { kind: code === "media_unavailable" ? "unavailable" : "broken", detail: message };
}

function readError(text: string): ErrorAnswer["error"] | null {
  try {
    return ErrorAnswer.parse(JSON.parse(text)).error;
  } catch {
    return null; // a proxy in between answered
  }
}

/** Ends the session at the media server; outlives the page. A 404 is as good: the peer was gone already. */
function deleteSession(session: URL): void {
  fetch(session, { method: "DELETE", keepalive: true }).catch(() => {});
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") resolve();
    };
  });
}
