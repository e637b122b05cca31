import type { CameraStream } from "#contract/cameras.ts";
import { GatewayError, messageOf } from "../kernel/errors.ts";
import { notRunning, unreachable } from "./camera-paths.ts";
import { reasonIn } from "./control-api.ts";
import { hlsFile, hlsQuery } from "./hls-request.ts";
import type { Media } from "./media.ts";
import { type CameraSource, pathName } from "./path-names.ts";
import { createWhepSessions } from "./whep-sessions.ts";

export type ReaderProxyDeps = {
  media: Pick<Media, "endpoints" | "ensurePath" | "untilFailed" | "viewed">;
  /**
   * What a camera's stream is pulled from; undefined for a camera that is not there. The stream may be another one than
   * was asked for: a camera without a sub stream answers with its main one, so that both share one pull.
   */
  addressOf: (cameraId: string, stream: CameraStream) => Promise<CameraSource | undefined>;
};

/** MediaMTX gives up a camera after 10 s; this only ends what it forgot. */
const TIMEOUT_MS = 15_000;

/** A stream as a page names it. */
export type Place = { cameraId: string; stream: CameraStream };

/** `stream` is the one that plays. */
export type WhepAnswer = { sdp: string; session: string; stream: CameraStream };

export type ReaderProxy = ReturnType<typeof createReaderProxy>;

/**
 * Speaks WHEP and HLS with MediaMTX for a page, and adds the password the page does not know. What cannot be had is a
 * `GatewayError`: `not_found`, `bad_request`, `media_unavailable`, or `camera_unreachable` with what the camera said.
 */
export function createReaderProxy({ media, addressOf }: ReaderProxyDeps) {
  const sessions = createWhepSessions();

  async function sourceOf({ cameraId, stream }: Place): Promise<CameraSource> {
    const source = await addressOf(cameraId, stream);
    if (source === undefined) throw new GatewayError("not_found", "There is no such camera.");
    return source;
  }

  /**
   * Asks MediaMTX; rejects early when the stream fails meanwhile, and late when MediaMTX forgot to answer. An answer's
   * body is then read without a limit of time, until the client goes.
   */
  async function ask(path: string, url: string, request: RequestInit & { signal: AbortSignal }) {
    const { authorization } = media.endpoints();
    const [watching, late] = [new AbortController(), new AbortController()];
    const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
    const signal = AbortSignal.any([request.signal, late.signal]);
    const headers = { ...request.headers, authorization };
    const asking = fetch(url, { ...request, headers, signal, redirect: "manual" });
    try {
      return await Promise.race([asking, media.untilFailed(path, watching.signal)]);
    } catch (error) {
      const isLate = late.signal.aborted;
      late.abort();
      asking.catch(() => {}); // it lost the race and was aborted
      if (error instanceof GatewayError || request.signal.aborted) throw error;
      throw isLate ? unreachable("it did not answer in time") : mediaGone(error);
    } finally {
      clearTimeout(timer);
      watching.abort();
    }
  }

  return {
    /** Starts a WebRTC session with the page's offer. */
    async offer(place: Place, sdp: string, signal: AbortSignal): Promise<WhepAnswer> {
      const source = await sourceOf(place);
      await media.ensurePath(place.cameraId, source);
      const path = pathName(place.cameraId, source.stream);
      const url = `${media.endpoints().webrtc}/${path}/whep`;
      const headers = { "content-type": "application/sdp" };
      const response = await ask(path, url, { method: "POST", headers, body: sdp, signal });
      const text = await response.text();
      if (response.status !== 201) throw offerRefused(reasonIn(text, response.status), response.status);
      const session = response.headers.get("location")?.split("/").at(-1)?.split("?")[0];
      if (!session) throw new Error("MediaMTX named no session");
      sessions.add(session, path);
      return { sdp: text, session, stream: source.stream };
    },
    /** Gives further network candidates of the page. Resolves to an answer only when the session was restarted. */
    async patch(
      { cameraId, stream }: Place,
      session: string,
      fragment: string,
      signal: AbortSignal,
    ): Promise<string | undefined> {
      const path = pathName(cameraId, stream);
      if (sessions.pathOf(session) !== path) throw noSession();
      const response = await ask(path, sessionUrl(media.endpoints().webrtc, path, session), {
        method: "PATCH",
        headers: { "content-type": "application/trickle-ice-sdpfrag" },
        body: fragment,
        signal,
      });
      const text = await response.text();
      if (response.status === 404) throw noSession();
      if (!response.ok) throw new GatewayError("bad_request", reasonIn(text, response.status));
      return response.status === 200 && text.length > 0 ? text : undefined;
    },
    /** Ending what is over is no error: the connection's end reaches MediaMTX first as often as not. */
    async end({ cameraId, stream }: Place, session: string, signal: AbortSignal): Promise<void> {
      const [path, playing] = [pathName(cameraId, stream), sessions.pathOf(session)];
      if (playing === undefined) return;
      if (playing !== path) throw noSession();
      sessions.remove(session);
      const url = sessionUrl(media.endpoints().webrtc, path, session);
      const response = await ask(path, url, { method: "DELETE", signal });
      await response.body?.cancel();
    },
    /** A playlist or a part of the stream; `query` as the playlist gave it, without `?`. */
    async hls(place: Place, file: unknown, query: string, signal: AbortSignal): Promise<Response> {
      const [name, search] = [hlsFile(file), hlsQuery(query)];
      const source = await sourceOf(place);
      const path = pathName(place.cameraId, source.stream);
      const isIndex = name === "index.m3u8";
      if (isIndex) await media.ensurePath(place.cameraId, source);
      // else MediaMTX answers with a redirect, to find out whether the player keeps cookies
      if (isIndex) search.set("cookieCheck", "1");
      const url = `${media.endpoints().hls}/${path}/${name}?${search}`;
      const response = await ask(path, url, { signal });
      if (response.status === 200) {
        media.viewed(place.cameraId, source.stream);
        return response;
      }
      const text = await response.text();
      if (isIndex) throw unreachable(reasonIn(text, response.status));
      throw new GatewayError("not_found", "This HLS session is over. Open index.m3u8 again.");
    },
  };
}

const sessionUrl = (webrtc: string, path: string, session: string) => `${webrtc}/${path}/whep/${session}`;

const noSession = () => new GatewayError("not_found", "There is no such WebRTC session.");

/** A page's bad offer is told apart from a camera's failure by MediaMTX's words alone. */
function offerRefused(reason: string, status: number): GatewayError {
  const isOffers = status === 406 || /sdp|offer|ice-|fingerprint|unmarshal|syntax/i.test(reason);
  return isOffers ? new GatewayError("bad_request", `The offer was refused: ${reason}`) : unreachable(reason);
}

function mediaGone(error: unknown): GatewayError {
  const { code, message } = notRunning();
  return new GatewayError(code, `${message} (${messageOf(error)})`, { cause: error });
}
