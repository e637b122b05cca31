import { z } from "zod";
import { CameraState, StreamFormat } from "./cameras.ts";

/**
 * The tap protocol: encoded pictures of cameras over one WebSocket a page. Control messages are JSON text; each access
 * unit is one binary message (access-unit.ts). Inside a page the same messages travel over MessagePorts.
 */

/** Page to gateway. `id` is chosen by the page, unique on its socket. */
export const TapRequest = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("subscribe"),
    id: z.int().min(0).max(0xffffffff),
    cameraId: z.uuid(),
    /** `sub` falls back to the main stream where the camera has no other. */
    stream: z.enum(["main", "sub"]),
    /** `none` keeps the camera tapped and tells its state, without pictures. */
    frames: z.enum(["none", "key", "all"]),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), id: z.int().min(0).max(0xffffffff) }),
  /** The gateway answers at once with its clock. */
  z.strictObject({ type: z.literal("ping"), sentAtMs: z.number() }),
]);
export type TapRequest = z.infer<typeof TapRequest>;

/** Gateway to page. */
export const TapNotice = z.discriminatedUnion("type", [
  /** Before the first access unit, and whenever the camera's format changes. */
  z.object({ type: z.literal("format"), id: z.int(), format: StreamFormat }),
  z.object({ type: z.literal("state"), id: z.int(), state: CameraState }),
  /** Pictures left out because this page reads too slowly; the next one is a key frame. */
  z.object({ type: z.literal("dropped"), id: z.int(), frames: z.int() }),
  z.object({ type: z.literal("pong"), sentAtMs: z.number(), gatewayAtMs: z.number() }),
  z.object({ type: z.literal("refused"), id: z.int().nullable(), code: z.string(), message: z.string() }),
]);
export type TapNotice = z.infer<typeof TapNotice>;

/** Tap hub to port, inside a page only: whether the hub's socket to the gateway is up. First message on every port. */
export type TapLink = { type: "link"; connected: boolean };

/**
 * Tap hub to port, inside a page only: how far the gateway's clock is ahead of this device's (negative: behind), true
 * to within half of `roundTripMs`. After the first measurement, and on every better one or change.
 */
export type TapClock = { type: "clock"; offsetMs: number; roundTripMs: number };
