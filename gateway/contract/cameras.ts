import { z } from "zod";

/** What a camera sends, as far as it is known. `codec` is an RFC 6381 string such as `avc1.4D401E`. */
export const StreamFormat = z.object({
  family: z.enum(["h264", "h265", "other"]),
  codec: z.string(),
  widthPx: z.int().optional(),
  heightPx: z.int().optional(),
  fps: z.number().optional(),
  /** True once pictures were seen out of presentation order: WebRTC cannot carry them. */
  hasBFrames: z.boolean(),
});
export type StreamFormat = z.infer<typeof StreamFormat>;

/** Why a camera gives no picture. A page words it; the gateway gives the code and the detail. */
export const CameraFault = z.enum([
  "refused",
  "unreachable",
  "timeout",
  "unauthorized",
  "not_found",
  "unsupported_codec",
  "no_video",
  "frozen",
  "dropped",
  "protocol",
]);
export type CameraFault = z.infer<typeof CameraFault>;

/** How a camera is doing, by the tap or, without one, by the last probe. */
export const CameraState = z.discriminatedUnion("status", [
  /** Nobody has looked yet. */
  z.object({ status: z.literal("unknown") }),
  z.object({ status: z.literal("connecting"), sinceAtMs: z.number() }),
  z.object({ status: z.literal("online"), sinceAtMs: z.number(), format: StreamFormat }),
  z.object({
    status: z.literal("down"),
    sinceAtMs: z.number(),
    fault: CameraFault,
    /** What the camera said, for a technician; never holds a password. */
    detail: z.string(),
    /** When the gateway tries again; absent when it waits for a person (a wrong password). */
    nextTryAtMs: z.number().optional(),
  }),
]);
export type CameraState = z.infer<typeof CameraState>;

/** Normalised as URLs are: line breaks are gone, odd characters of a password are percent-encoded. */
const rtspAddress = z
  .string()
  .trim()
  .max(2048)
  .pipe(
    z.url({
      protocol: /^rtsps?$/,
      hostname: /./,
      normalize: true,
      error: "must be an rtsp:// or rtsps:// address",
    }),
  );

/** How the pictures travel. UDP only where a network or a camera has trouble with TCP: what is lost on it is lost. */
export const RtspTransport = z.enum(["tcp", "udp"]);
export type RtspTransport = z.infer<typeof RtspTransport>;

/** A camera's streams; a camera without a sub stream is asked for its main one. */
export const CameraStream = z.enum(["main", "sub"]);
export type CameraStream = z.infer<typeof CameraStream>;

/** A camera as a person gives it. Addresses may hold user and password; they are never given back. */
export const NewCamera = z.strictObject({
  name: z.string().trim().min(1).max(80),
  place: z.string().trim().max(80).default(""),
  mainAddress: rtspAddress,
  subAddress: rtspAddress.optional(),
  /** The camera allows one connection at a time: its tap reads from MediaMTX. */
  singleConnection: z.boolean().default(false),
  rtspTransport: RtspTransport.default("tcp"),
  /** Whether stations look at it. */
  analysed: z.boolean().default(true),
  /** People in the picture from which a queue counts as one. */
  queueThreshold: z.int().min(1).max(100).default(3),
});
export type NewCamera = z.input<typeof NewCamera>;

/**
 * Only the fields to change. An address given replaces the kept one whole, user and password too; one left out stays
 * as it is; `subAddress: null` removes it.
 */
export const CameraChange = z.strictObject({
  name: NewCamera.shape.name.optional(),
  place: z.string().trim().max(80).optional(),
  mainAddress: rtspAddress.optional(),
  subAddress: rtspAddress.nullable().optional(),
  singleConnection: z.boolean().optional(),
  rtspTransport: RtspTransport.optional(),
  analysed: z.boolean().optional(),
  queueThreshold: z.int().min(1).max(100).optional(),
});
export type CameraChange = z.infer<typeof CameraChange>;

/** A camera as the gateway tells it. */
export const Camera = z.object({
  id: z.uuid(),
  name: z.string(),
  place: z.string(),
  /** Without user and password. */
  mainAddress: z.string(),
  subAddress: z.string().optional(),
  hasPassword: z.boolean(),
  singleConnection: z.boolean(),
  rtspTransport: RtspTransport,
  analysed: z.boolean(),
  queueThreshold: z.int(),
  /** Made by `--demo`; gone when the gateway starts without it. */
  demo: z.boolean(),
  createdAtMs: z.number(),
  state: CameraState,
});
export type Camera = z.infer<typeof Camera>;

export const CameraList = z.object({ cameras: z.array(Camera) });
export type CameraList = z.infer<typeof CameraList>;

/** `POST /api/cameras/probe`: what an address answers, within 5 s, without storing it. */
export const ProbeRequest = z.strictObject({
  address: rtspAddress,
  rtspTransport: RtspTransport.default("tcp"),
});
export const ProbeAnswer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("ok"), format: StreamFormat, tookMs: z.number() }),
  z.object({ outcome: z.literal("failed"), fault: CameraFault, detail: z.string(), tookMs: z.number() }),
]);
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;
