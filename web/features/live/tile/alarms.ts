import { useMemo } from "react";
import type { QueueDetectedPayload } from "#contract/payloads.ts";
import { useClock } from "../../../hooks/use-now.ts";
import { type QueueBoard, ruleOfRunningQueue } from "../../../hooks/use-queues.ts";

/** Something that runs at a camera now and wants to be seen from afar. Other running events join here. */
export type Alarm = { kind: "queue"; queue: QueueDetectedPayload };

/** The same list until an alarm begins, changes or ends. */
export function useAlarms(cameraId: string, queues: QueueBoard): Alarm[] {
  const rule = useClock((nowMs) => ruleOfRunningQueue(queues, cameraId, nowMs));
  const queue = rule === null ? undefined : queues[cameraId]?.[rule]?.payload;
  return useMemo(() => (queue ? [{ kind: "queue", queue }] : []), [queue]);
}
