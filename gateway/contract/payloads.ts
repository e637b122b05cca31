import { z } from "zod";
import type { EventName } from "./events.ts";

const count = z.int().min(0);
const durationS = z.number().min(0);
const at = z.iso.datetime();

export const CameraHealthPayload = z.object({
  status: z.enum(["online", "degraded", "frozen", "offline", "unauthorized"]),
  reason: z.string().optional(),
  fps: z.number().min(0).optional(),
  bitrate_kbps: z.number().min(0).optional(),
  last_frame_at: at.optional(),
  since: at,
});

export const CameraSnapshotPayload = z.object({
  media_id: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  width: z.int().min(1),
  height: z.int().min(1),
  reason: z.string(),
  requested_by: z.string(),
});

const happening = { state: z.enum(["started", "updated", "ended"]), started_at: at, duration_s: durationS };

export const QueueDetectedPayload = z.object({
  ...happening,
  length: count,
  max_length: count,
  /** Null while nobody has left yet: nothing to estimate from. */
  wait_estimate_s: durationS.nullable(),
  /** Why it ended, where it did not simply dissolve. */
  reason: z.string().optional(),
});
export type QueueDetectedPayload = z.infer<typeof QueueDetectedPayload>;

export const IdleDetectedPayload = z.object({ ...happening, reason: z.string().optional() });
export type IdleDetectedPayload = z.infer<typeof IdleDetectedPayload>;

/** Fractions of the picture, origin top left. */
export const FractionBox = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});
export type FractionBox = z.infer<typeof FractionBox>;

/** A plate is seen and told at once; the other kinds last, and have the fields of a happening. */
export const ComplianceDetectedPayload = z.object({
  state: happening.state.optional(),
  started_at: at.optional(),
  duration_s: durationS.optional(),
  reason: z.string().optional(),
  rule: z.object({
    kind: z.enum([
      "restricted_area",
      "missing_person",
      "forbidden_object",
      "plate_listed",
      "plate_unlisted",
      "plate_read",
    ]),
  }),
  media_id: z.string().optional(),
  boxes: z.array(FractionBox).optional(),
  plate: z.string().optional(),
  layout: z.enum(["old", "mercosul"]).optional(),
  confidence: z.number().min(0).max(1).optional(),
  reads: count.optional(),
});
export type ComplianceDetectedPayload = z.infer<typeof ComplianceDetectedPayload>;

/** Mean and 95th percentile of the stays that ended. */
const stays = z.object({ mean: durationS, p95: durationS }).nullable();

/** One camera, one minute of the gateway's clock. */
export const VisionMetricsPayload = z.object({
  window_start: at,
  window_s: z.literal(60),
  /** Per class name: mean and highest number seen at once. */
  counts: z.record(z.string(), z.object({ mean: z.number().min(0), max: count })),
  unique_tracks: count,
  /** Per line id. */
  lines: z.record(z.string(), z.object({ entries: count, exits: count })),
  /** People's stays that ended in this minute, in any zone; in the picture where no zone is drawn. */
  dwell_s: stays,
  /** Per zone id: people at once, stays that ended. */
  zones: z
    .record(
      z.string(),
      z.object({ people: z.object({ mean: z.number().min(0), max: count }), stays: count, dwell_s: stays }),
    )
    .optional(),
  plates_seen: count,
  frames_analysed: count,
  frames_skipped: count,
  ms_per_frame: z.number().min(0),
  model: z.string(),
  execution_provider: z.string(),
});
export type VisionMetricsPayload = z.infer<typeof VisionMetricsPayload>;

/** The payload each name must carry. */
export const PAYLOADS = {
  "camera.health": CameraHealthPayload,
  "camera.snapshot": CameraSnapshotPayload,
  "queue.detected": QueueDetectedPayload,
  "idle.detected": IdleDetectedPayload,
  "compliance.detected": ComplianceDetectedPayload,
  "vision.metrics.v1": VisionMetricsPayload,
} satisfies Record<EventName, z.ZodType>;
