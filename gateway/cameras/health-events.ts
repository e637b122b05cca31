import type { z } from "zod";
import type { CameraHealth } from "#contract/camera-health.ts";
import type { EventRecord } from "#contract/events.ts";
import type { CameraHealthPayload } from "#contract/payloads.ts";
import { stableId } from "../kernel/ids.ts";
import type { Logger } from "../kernel/logger.ts";

const BUCKET_MS = 5 * 60_000;
/** While the disk takes nothing: what 256 cameras say in half an hour. */
const MAX_WAITING = 2_000;
const MAX_BATCH = 500;

export type HealthEventsDeps = {
  /** Stores and tells them; a receipt that is stored already changes nothing. */
  record: (events: EventRecord[]) => Promise<void>;
  storeId: string;
  newId: () => string;
  log: Logger;
};

/** The gateway's own `camera.health` events. They wait in memory until they are stored. */
export function createHealthEvents({ record, storeId, newId, log }: HealthEventsDeps) {
  let waiting: EventRecord[] = [];
  let sending: Promise<void> = Promise.resolve();
  let isSending = false;

  function add(health: CameraHealth, atMs: number, receiptId: string): void {
    const payload = payloadOf(health);
    if (!payload) return;
    waiting.push({
      receipt_id: receiptId,
      event_name: "camera.health",
      ts: isoTime(atMs),
      store_id: storeId,
      source: "backend",
      camera_id: health.cameraId,
      payload,
    });
    if (waiting.length <= MAX_WAITING) return;
    waiting.shift();
    log.error({}, "camera.health events cannot be stored: the oldest is given up");
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH);
      await record(batch);
      const sent = new Set(batch);
      waiting = waiting.filter((event) => !sent.has(event));
    }
  }

  return {
    /** Its status is another one now, or the reason. */
    changed: (health: CameraHealth, atMs: number): void => add(health, atMs, newId()),
    /** Its receipt is made from the bucket: a gateway that is started again does not tell a bucket twice. */
    periodic(health: CameraHealth, atMs: number): void {
      const name = `camera.health ${health.cameraId} ${bucketOf(atMs)}`;
      add(health, atMs, stableId(name, storeId));
    },
    /** Stores what waits. Never rejects: what cannot be stored now is kept for the next time. */
    flush(): Promise<void> {
      if (isSending || waiting.length === 0) return sending;
      isSending = true;
      sending = sendAll()
        .catch((error: unknown) => log.warn({ err: error }, "camera.health events cannot be stored now"))
        .finally(() => {
          isSending = false;
        });
      return sending;
    },
  };
}

/** The 5 min window of the gateway's clock. */
export const bucketOf = (atMs: number): number => Math.floor(atMs / BUCKET_MS);

function payloadOf(health: CameraHealth): z.infer<typeof CameraHealthPayload> | undefined {
  const { status, reason, fps, bitrateKbps, lastFrameAtMs, sinceAtMs } = health;
  if (status === "unknown") return undefined; // nothing was seen yet, so there is nothing to tell
  return {
    status,
    since: isoTime(sinceAtMs),
    ...(reason !== undefined && { reason }),
    ...(fps !== undefined && { fps }),
    ...(bitrateKbps !== undefined && { bitrate_kbps: bitrateKbps }),
    ...(lastFrameAtMs !== undefined && { last_frame_at: isoTime(lastFrameAtMs) }),
  };
}

const isoTime = (atMs: number): string => new Date(atMs).toISOString();
