import { useTranslation } from "react-i18next";
import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import {
  CameraHealthPayload,
  ComplianceDetectedPayload,
  IdleDetectedPayload,
  QueueDetectedPayload,
  VisionMetricsPayload,
} from "#contract/payloads.ts";
import { useEventNames } from "../../hooks/use-event-names.ts";
import { useHealthWords } from "../../hooks/use-health-words.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";

/** What the station notes of a plate that is on a list. */
const Listed = z.object({
  listed: z.object({ match: z.enum(["exact", "tolerant"]), plate: z.string(), note: z.string() }),
});

/** Events as a person reads them. */
export function useEventWords() {
  const { t } = useTranslation();
  const { duration } = useTimeWords();
  const number = useNumberWords();
  const health = useHealthWords();
  const people = (count: number) => t("live.people", { count });
  const nameOf = useEventNames();

  function queueText({ state, length, max_length, duration_s }: QueueDetectedPayload): string {
    if (state === "started") return t("events.text.queueStarted", { people: people(length) });
    if (state === "updated") return t("events.text.queueUpdated", { people: people(length) });
    return t("events.text.queueEnded", {
      duration: duration(duration_s * 1_000),
      people: people(max_length),
    });
  }

  function metricsText({ counts, unique_tracks }: VisionMetricsPayload): string {
    const person = counts.person;
    if (!person || person.max === 0) return t("events.text.metricsNobody");
    const { mean, max } = person;
    return t("events.text.metrics", { mean: number(mean), max, tracks: unique_tracks });
  }

  function idleText({ state, duration_s }: { state: "started" | "updated" | "ended"; duration_s: number }) {
    if (state === "started") return t("events.text.idleStarted");
    if (state === "updated") return t("events.text.idleUpdated");
    return t("events.text.idleEnded", { duration: duration(duration_s * 1_000) });
  }

  function complianceText(payload: ComplianceDetectedPayload, meta: EventRecord["meta"]): string {
    const { rule, state, duration_s = 0, plate } = payload;
    const what = t(`zones.rule.kind.${rule.kind}`);
    if (plate) return [t("events.text.compliancePlate", { what, plate }), listText(meta)].join(" ").trim();
    if (state !== "ended") return what;
    return t("events.text.complianceEnded", { what, duration: duration(duration_s * 1_000) });
  }

  /** In brackets what the shop's list says of the plate: the note, and which plate it only looks like. */
  function listText(meta: EventRecord["meta"]): string {
    const listed = Listed.safeParse(meta).data?.listed;
    if (!listed) return "";
    const alike = listed.match === "tolerant" && t("events.text.plateAlike", { plate: listed.plate });
    const words = [listed.note, alike].filter(Boolean);
    return words.length > 0 ? `(${words.join(", ")})` : "";
  }

  /** One sentence; an event of a newer form falls back to its name. */
  function sentence({ event_name, payload, meta }: EventRecord): string {
    const queue = event_name === "queue.detected" && QueueDetectedPayload.safeParse(payload).data;
    if (queue) return queueText(queue);
    const metrics = event_name === "vision.metrics.v1" && VisionMetricsPayload.safeParse(payload).data;
    if (metrics) return metricsText(metrics);
    const idle = event_name === "idle.detected" && IdleDetectedPayload.safeParse(payload).data;
    if (idle) return idleText(idle);
    const broken = event_name === "compliance.detected" && ComplianceDetectedPayload.safeParse(payload).data;
    if (broken) return complianceText(broken, meta);
    const camera = event_name === "camera.health" && CameraHealthPayload.safeParse(payload).data;
    if (camera) return health.sentence(camera.status, camera.reason);
    return nameOf(event_name);
  }

  return { nameOf, sentence };
}
