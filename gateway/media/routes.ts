import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Request, type RequestHandler, type Response, Router, text } from "express";
import { z } from "zod";
import { CameraStream } from "#contract/cameras.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { GatewayError } from "../kernel/errors.ts";
import { isOwnOrigin } from "../kernel/http.ts";
import { createReaderProxy, type Place, type ReaderProxyDeps } from "./reader-proxy.ts";

const MAX_SDP_BYTES = 64 * 1024;
const SDP = "application/sdp";
const SDP_FRAGMENT = "application/trickle-ice-sdpfrag";

const CameraId = z.uuid().toLowerCase();
const SessionId = z.string().regex(/^[\w-]{1,64}$/);

/**
 * WHEP and HLS of every camera's streams on the page's own origin. MediaMTX's own addresses never appear in an answer,
 * and nothing but an offer, candidates, the end of a session and the files of a stream ever reaches it.
 */
export function mediaRoutes(deps: ReaderProxyDeps): Router {
  const proxy = createReaderProxy(deps);
  const router = Router();

  router.use("/media", refuseForeign);

  router.post(
    paths.whep,
    body(SDP),
    whileThere(async (request, response) => {
      const place = placeIn(request);
      const offer = sdpIn(request);
      const { sdp, session, stream } = await proxy.offer(place, offer, goneSignal(response));
      const location = fillPath(paths.whepSession, { id: place.cameraId, stream, session });
      response.status(201).type(SDP).set("Location", location).send(sdp);
    }),
  );

  router.patch(
    paths.whepSession,
    body(SDP_FRAGMENT),
    whileThere(async (request, response) => {
      const [place, fragment] = [placeIn(request), textIn(request)];
      const answer = await proxy.patch(place, session(request), fragment, goneSignal(response));
      if (answer === undefined) response.status(204).end();
      else response.type(SDP_FRAGMENT).send(answer);
    }),
  );

  router.delete(
    paths.whepSession,
    whileThere(async (request, response) => {
      await proxy.end(placeIn(request), session(request), goneSignal(response));
      response.status(204).end();
    }),
  );

  router.get(
    `${paths.hls}/:file`,
    whileThere(async (request, response) => {
      const [, query = ""] = request.originalUrl.split("?", 2);
      const { file } = request.params;
      const answer = await proxy.hls(placeIn(request), file, query, goneSignal(response));
      await passOn(answer, response);
    }),
  );

  return router;
}

const refuseForeign: RequestHandler = (request, _response, next) => {
  if (isOwnOrigin(request)) return next();
  throw new GatewayError("forbidden_origin", "Pages of other sites may not watch the cameras.");
};

/** An error after the client went has nobody to tell, and is none of the gateway's. */
function whileThere(handle: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request, response) =>
    handle(request, response).catch((error: unknown) => {
      if (!response.destroyed) throw error;
    });
}

/** Reads a text body of one type; any other type is refused. */
function body(type: string): RequestHandler {
  const parse = text({ type, limit: MAX_SDP_BYTES, inflate: false });
  return (request, response, next) => {
    if (request.is(type)) return parse(request, response, next);
    throw new GatewayError("unsupported_media_type", `The body must be ${type}.`);
  };
}

function placeIn(request: Request): Place {
  const cameraId = CameraId.safeParse(request.params.id);
  if (!cameraId.success) throw new GatewayError("not_found", "There is no such camera.");
  const stream = CameraStream.safeParse(request.params.stream);
  if (!stream.success) throw new GatewayError("not_found", "A camera has the streams main and sub.");
  return { cameraId: cameraId.data, stream: stream.data };
}

function session(request: Request): string {
  const parsed = SessionId.safeParse(request.params.session);
  if (parsed.success) return parsed.data;
  throw new GatewayError("not_found", "There is no such WebRTC session.");
}

function textIn(request: Request): string {
  if (typeof request.body === "string" && request.body.length > 0) return request.body;
  throw new GatewayError("invalid_body", "The body is empty.");
}

/** Catches what is no offer at all before a camera is woken for it. */
function sdpIn(request: Request): string {
  const sdp = textIn(request);
  if (/^v=0\r?\n/.test(sdp) && /^m=/m.test(sdp) && /^a=ice-ufrag:/m.test(sdp)) return sdp;
  throw new GatewayError("invalid_body", "The body is no WebRTC offer.");
}

/** Aborts when the client went before it had its answer. */
function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

async function passOn(answer: globalThis.Response, response: Response): Promise<void> {
  for (const name of ["content-type", "cache-control", "content-length"]) {
    const value = answer.headers.get(name);
    if (value !== null) response.set(name, value);
  }
  if (!answer.body) return void response.end();
  await pipeline(Readable.fromWeb(answer.body), response);
}
