import { GatewayError, messageOf } from "../kernel/errors.ts";
import { notRunning, unreachable } from "./camera-paths.ts";
import { reasonIn } from "./control-api.ts";
import type { Media } from "./media.ts";

type ReaderProxyDeps = {
  media: Pick<Media, "endpoints" | "ensurePath" | "untilFailed">;
  /** The address a camera is watched by, with its password; undefined for a camera that is not there. */
  addressOf: (cameraId: string) => Promise<string | undefined>;
};

/** MediaMTX gives up a camera after 10 s; this only ends what it forgot. */
const TIMEOUT_MS = 15_000;

/** The only files of an HLS stream: playlists, initialisation, segments and parts. */
const HLS_FILE = /^[\w.-]+\.(m3u8|mp4|ts|m4s)$/;

export type WhepAnswer = { sdp: string; session: string };

export type ReaderProxy = ReturnType<typeof createReaderProxy>;

/**
 * Speaks WHEP and HLS with MediaMTX for a page, and adds the password the page does not know. What cannot be had is a
 * `GatewayError`: `not_found`, `media_unavailable`, or `camera_unreachable` with what the camera said.
 */
export function createReaderProxy({ media, addressOf }: ReaderProxyDeps) {
  async function ready(cameraId: string): Promise<void> {
    const address = await addressOf(cameraId);
    if (address === undefined) throw new GatewayError("not_found", "There is no such camera.");
    await media.ensurePath(cameraId, address);
  }

  /**
   * Asks MediaMTX; rejects early when the camera fails meanwhile, and late when MediaMTX forgot to answer. An answer's
   * body is then read without a limit of time, until the client goes.
   */
  async function ask(cameraId: string, url: string, request: RequestInit & { signal: AbortSignal }) {
    const { authorization } = media.endpoints();
    const [watching, late] = [new AbortController(), new AbortController()];
    const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
    const signal = AbortSignal.any([request.signal, late.signal]);
    const headers = { ...request.headers, authorization };
    const asking = fetch(url, { ...request, headers, signal, redirect: "manual" });
    try {
      return await Promise.race([asking, media.untilFailed(cameraId, watching.signal)]);
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
    async offer(cameraId: string, sdp: string, signal: AbortSignal): Promise<WhepAnswer> {
      await ready(cameraId);
      const url = `${media.endpoints().webrtc}/${cameraId}/whep`;
      const headers = { "content-type": "application/sdp" };
      const response = await ask(cameraId, url, { method: "POST", headers, body: sdp, signal });
      const text = await response.text();
      if (response.status !== 201) throw offerRefused(reasonIn(text, response.status), response.status);
      const session = response.headers.get("location")?.split("/").at(-1)?.split("?")[0];
      if (!session) throw new Error("MediaMTX named no session");
      return { sdp: text, session };
    },
    /** Gives further network candidates of the page. Resolves to an answer only when the session was restarted. */
    async patch(
      cameraId: string,
      session: string,
      fragment: string,
      signal: AbortSignal,
    ): Promise<string | undefined> {
      const response = await ask(cameraId, sessionUrl(media.endpoints().webrtc, cameraId, session), {
        method: "PATCH",
        headers: { "content-type": "application/trickle-ice-sdpfrag" },
        body: fragment,
        signal,
      });
      const text = await response.text();
      if (response.status === 404) throw new GatewayError("not_found", "This WebRTC session is over.");
      if (!response.ok) throw new GatewayError("bad_request", reasonIn(text, response.status));
      return response.status === 200 && text.length > 0 ? text : undefined;
    },
    /** Ending what is over is no error: the connection's end reaches MediaMTX first as often as not. */
    async end(cameraId: string, session: string, signal: AbortSignal): Promise<void> {
      const url = sessionUrl(media.endpoints().webrtc, cameraId, session);
      const response = await ask(cameraId, url, { method: "DELETE", signal });
      await response.body?.cancel();
    },
    /** A playlist or a part of the stream; `query` as the playlist gave it, without `?`. */
    async hls(cameraId: string, file: string, query: string, signal: AbortSignal): Promise<Response> {
      if (!HLS_FILE.test(file))
        throw new GatewayError("not_found", "There is no such file in an HLS stream.");
      const isIndex = file === "index.m3u8";
      if (isIndex) await ready(cameraId);
      const search = new URLSearchParams(query);
      // else MediaMTX answers with a redirect, to find out whether the player keeps cookies
      if (isIndex) search.set("cookieCheck", "1");
      const url = `${media.endpoints().hls}/${cameraId}/${file}?${search}`;
      const response = await ask(cameraId, url, { signal });
      if (response.status === 200) return response;
      const text = await response.text();
      if (isIndex) throw unreachable(reasonIn(text, response.status));
      throw new GatewayError("not_found", "This HLS session is over. Open index.m3u8 again.");
    },
  };
}

const sessionUrl = (webrtc: string, cameraId: string, session: string) =>
  `${webrtc}/${cameraId}/whep/${encodeURIComponent(session)}`;

/** A page's bad offer is told apart from a camera's failure by MediaMTX's words alone. */
function offerRefused(reason: string, status: number): GatewayError {
  const isOffers = status === 406 || /sdp|offer|ice-|fingerprint|unmarshal|syntax/i.test(reason);
  return isOffers ? new GatewayError("bad_request", `The offer was refused: ${reason}`) : unreachable(reason);
}

function mediaGone(error: unknown): GatewayError {
  const { code, message } = notRunning();
  return new GatewayError(code, `${message} (${messageOf(error)})`, { cause: error });
}
