import { z } from "zod";

/** MediaMTX, the media server that WebRTC and HLS need. */
export const MediaState = z.object({
  status: z.enum(["missing", "downloading", "starting", "running", "restarting", "failed"]),
  /** Why it is not running, or what is unusual while it is (another WebRTC port), in plain sentences. */
  reason: z.string().optional(),
  /** While downloading: 0 to 1. */
  progress: z.number().min(0).max(1).optional(),
  version: z.string().optional(),
});
export type MediaState = z.infer<typeof MediaState>;

/** A model of `models/manifest.json` and whether its file is here. */
export const ModelState = z.object({
  id: z.string(),
  status: z.enum(["missing", "downloading", "ready"]),
  reason: z.string().optional(),
  progress: z.number().min(0).max(1).optional(),
});
export type ModelState = z.infer<typeof ModelState>;

/** `GET /api/health` */
export const Health = z.object({
  status: z.literal("ok"),
  version: z.string(),
  storeId: z.uuid(),
  startedAtMs: z.number(),
  /** The gateway's clock: stations learn their offset from it. */
  nowMs: z.number(),
  demo: z.boolean(),
  media: MediaState,
  models: z.array(ModelState),
  /** How many ledgers of sinks do not balance: a person must know. */
  unbalancedSinks: z.int(),
});
export type Health = z.infer<typeof Health>;

/** One model as a station needs it. `file` is served at `/models/{file}` once its state is `ready`. */
export const ModelEntry = z.object({
  id: z.string(),
  file: z.string(),
  task: z.enum(["objects", "plates", "plate_text"]),
  /** How it is fed and read: `web/vision/worker/families.ts` for those that find objects. */
  family: z.enum(["yolox", "nanodet", "yolov8", "end-to-end", "lpd-yunet", "cct"]),
  title: z.string(),
  licence: z.string(),
  /** Public addresses to take it from; empty for a model the project makes itself. */
  addresses: z.array(z.url()),
  /** Any of these is the file. */
  sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  sizeBytes: z.int(),
  input: z.object({ name: z.string(), widthPx: z.int(), heightPx: z.int() }),
  outputs: z.array(z.string()),
  /** Class names in the order of the model's class scores. */
  labels: z.array(z.string()),
  minScore: z.number(),
  /** A drawn-scene model that only serves the demonstration. */
  demonstration: z.boolean().default(false),
  accuracy: z.string(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

/** `models/manifest.json` */
export const ModelManifest = z.object({ models: z.array(ModelEntry) });
export type ModelManifest = z.infer<typeof ModelManifest>;
