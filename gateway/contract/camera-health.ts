import { z } from "zod";
import { CameraFault } from "./cameras.ts";

/**
 * `degraded`: it gives pictures, but loses many or gives far fewer than it promised. `frozen`: connected, and no new
 * picture for 15 s. `unknown`: the gateway has not heard from it yet.
 */
export const CameraHealthStatus = z.enum([
  "unknown",
  "online",
  "degraded",
  "frozen",
  "offline",
  "unauthorized",
]);
export type CameraHealthStatus = z.infer<typeof CameraHealthStatus>;

/** Why it is not `online`: what a connection ended with, packets that are lost, or too few pictures. */
export const CameraHealthReason = z.union([CameraFault, z.enum(["packet_loss", "low_frame_rate"])]);
export type CameraHealthReason = z.infer<typeof CameraHealthReason>;

/** How a camera is and has been, as the gateway itself sees it, watched or not. */
export const CameraHealth = z.object({
  cameraId: z.uuid(),
  status: CameraHealthStatus,
  reason: CameraHealthReason.optional(),
  sinceAtMs: z.number(),
  /** Of the stream that the tap reads (the sub stream, where there is one), over the last seconds. */
  fps: z.number().min(0).optional(),
  bitrateKbps: z.number().min(0).optional(),
  lastFrameAtMs: z.number().optional(),
  /** Part of the last 24 h in which it gave pictures, out of the time the gateway looked; null before there was any. */
  uptime24h: z.number().min(0).max(1).nullable(),
  /** How long of the last 24 h the gateway looked. */
  watched24hMs: z.number(),
  /** Since the gateway's start: how often its connection was made anew because no new picture came for 15 s. */
  watchdogRestarts: z.int(),
  /** `open` after 5 failures in a row: left alone for 60 s, then `half_open`: one try. */
  circuit: z.enum(["closed", "open", "half_open"]),
});
export type CameraHealth = z.infer<typeof CameraHealth>;

/** `GET /api/cameras/health` */
export const CameraHealthList = z.object({ health: z.array(CameraHealth) });
export type CameraHealthList = z.infer<typeof CameraHealthList>;
