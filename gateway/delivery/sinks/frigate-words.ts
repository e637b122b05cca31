import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import { ComplianceDetectedPayload, IdleDetectedPayload } from "#contract/payloads.ts";

/** What Frigate is told of an event. A happening has one event there, whatever is said of it here. */
export type FrigateWord = Told | { kind: "nothing" };
export type Told = {
  /** `whole` has its start and its end in one: a plate, which is seen and not watched. */
  kind: "start" | "end" | "whole";
  /** The same for start and end of a happening. */
  key: string;
  cameraId: string;
  /** At most 20 characters, as Frigate's table has it. */
  label: string;
  /** Ends in the receipt, by which the event is found again. At most 100 characters, none that Frigate's search reads. */
  subLabel: string;
  /** 0 to 1. */
  score: number;
  /** Whole seconds, at least 1. */
  durationS: number;
  atMs: number;
};

const NOTHING = { kind: "nothing" } as const;
const MAX_SUB_LABEL = 100;
/** A plate is a moment; Frigate shows a recording of a few seconds around it. */
const MOMENT_S = 10;

const Happening = IdleDetectedPayload.pick({ state: true, started_at: true, duration_s: true });
const Meta = z.object({
  rule_id: z.string().optional().catch(undefined),
  rule_name: z.string().optional().catch(undefined),
});

/**
 * Happenings and plates. The rest has neither start nor end (health, metrics, snapshots) and stays untold, and so does
 * `updated`, for which Frigate has no place.
 */
export function frigateWord(event: EventRecord): FrigateWord {
  const { camera_id: cameraId, event_name, payload } = event;
  if (cameraId === undefined) return NOTHING;
  if (event_name === "queue.detected") return happening(event, { cameraId, label: "queue" });
  if (event_name === "idle.detected") return happening(event, { cameraId, label: "idle" });
  if (event_name !== "compliance.detected") return NOTHING;
  const compliance = ComplianceDetectedPayload.safeParse(payload).data;
  if (!compliance) return NOTHING;
  const { rule, state, plate = "", confidence } = compliance;
  if (state !== undefined) return happening(event, { cameraId, label: rule.kind });
  return {
    kind: "whole",
    key: event.receipt_id,
    cameraId,
    label: rule.kind,
    subLabel: subLabelOf(plate, event.receipt_id),
    score: confidence ?? 1,
    durationS: MOMENT_S,
    atMs: Date.parse(event.ts),
  };
}

function happening(event: EventRecord, about: { cameraId: string; label: string }): FrigateWord {
  const said = Happening.safeParse(event.payload).data;
  if (!said || said.state === "updated") return NOTHING;
  const { rule_id, rule_name = "" } = Meta.parse(event.meta ?? {});
  const whose = rule_id ?? event.zone_id ?? "";
  return {
    kind: said.state === "started" ? "start" : "end",
    key: [about.cameraId, about.label, whose, said.started_at].join("/"),
    ...about,
    subLabel: subLabelOf(rule_name, event.receipt_id),
    score: 1,
    durationS: Math.max(1, Math.round(said.duration_s)),
    atMs: Date.parse(event.ts),
  };
}

/** Frigate's search splits at commas and reads `*`, `?` and `[` as patterns. */
function subLabelOf(name: string, receipt: string): string {
  const plain = name.replaceAll(/[,*?[\]\s]+/g, " ").slice(0, MAX_SUB_LABEL - receipt.length - 1);
  return `${plain.toWellFormed().trim()} ${receipt}`.trim();
}
