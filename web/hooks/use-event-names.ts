import { useTranslation } from "react-i18next";
import type { EventName } from "#contract/events.ts";

/** Catalogue keys cannot hold the dots of the contract's names. */
const NAME_KEYS = {
  "camera.health": "cameraHealth",
  "camera.snapshot": "cameraSnapshot",
  "queue.detected": "queueDetected",
  "idle.detected": "idleDetected",
  "compliance.detected": "complianceDetected",
  "vision.metrics.v1": "visionMetrics",
} as const satisfies Record<EventName, string>;

/** What a kind of event is called. */
export function useEventNames(): (name: EventName) => string {
  const { t } = useTranslation();
  return (name) => t(`events.name.${NAME_KEYS[name]}`);
}
