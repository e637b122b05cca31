/** Namespace of the receipts of happenings. Whoever tells one uses this one; it never changes. */
export const HAPPENING_NAMESPACE = "2f0b7f0c-1d56-4c43-8d0e-6a1f1f6f5b02";

/** The rule of a camera that has no queue rule of its own. */
export const BUILT_IN_QUEUE = "queue";

/**
 * What the receipt of a happening's event is the UUIDv5 of: told by two stations, or twice after a crash, it is stored
 * once. Of `started` and `ended` there is one each; of `updated` one an instant.
 */
export function happeningName(told: {
  storeId: string;
  cameraId: string;
  /** Null: the built-in queue. */
  ruleId: string | null;
  /** As in the payload: ISO 8601, UTC, with milliseconds. */
  startedAt: string;
  state: "started" | "updated" | "ended";
  ts: string;
}): string {
  const { storeId, cameraId, ruleId, startedAt, state, ts } = told;
  const name = `${storeId}/${cameraId}/${ruleId ?? BUILT_IN_QUEUE}/${startedAt}/${state}`;
  return state === "updated" ? `${name}/${ts}` : name;
}

/**
 * The same of a vehicle's passage under a rule. The track's id goes on wherever the camera is looked at next, so that a
 * vote that two stations bring to its end is one event, whatever each of them has read.
 */
export function passageName(told: {
  storeId: string;
  cameraId: string;
  ruleId: string;
  trackId: number;
  /** ISO 8601, UTC, with milliseconds. */
  firstReadAt: string;
}): string {
  const { storeId, cameraId, ruleId, trackId, firstReadAt } = told;
  return `${storeId}/${cameraId}/${ruleId}/${firstReadAt}/plate/${trackId}`;
}
