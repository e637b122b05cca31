import { z } from "zod";
import { CameraHealth } from "./camera-health.ts";
import { Camera, CameraState } from "./cameras.ts";
import { StoredEvent } from "./events.ts";
import { MediaState, ModelState } from "./system.ts";
import { CameraZones, Shop } from "./zones.ts";

/** A gateway whose computer hangs or whose cable is out closes nothing: its silence is what a page notices. */
export const FEED_ALIVE_MS = 4_000;

/** What the gateway tells a page over the WebSocket at `paths.feed`, one JSON object a message. */
export const FeedMessage = z.discriminatedUnion("type", [
  /** Nothing but a sign of life, every `FEED_ALIVE_MS`. */
  z.object({ type: z.literal("alive") }),
  z.object({ type: z.literal("events"), events: z.array(StoredEvent) }),
  z.object({ type: z.literal("camera-changed"), camera: Camera }),
  z.object({ type: z.literal("camera-removed"), cameraId: z.uuid() }),
  z.object({ type: z.literal("camera-state"), cameraId: z.uuid(), state: CameraState }),
  z.object({ type: z.literal("camera-health"), health: CameraHealth }),
  z.object({ type: z.literal("zones-changed"), zones: CameraZones }),
  z.object({ type: z.literal("shop-changed"), shop: Shop }),
  z.object({ type: z.literal("plates-changed") }),
  z.object({ type: z.literal("media"), media: MediaState }),
  /** A picture of evidence is here now. */
  z.object({ type: z.literal("evidence-stored"), mediaId: z.uuid() }),
  z.object({ type: z.literal("model"), model: ModelState }),
  /** A lease was given, asked back or ended: every station had better ask for its own. */
  z.object({ type: z.literal("stations") }),
  /** Another model is chosen, or the list of models is another: ask for it. */
  z.object({ type: z.literal("models-changed") }),
]);
export type FeedMessage = z.infer<typeof FeedMessage>;
