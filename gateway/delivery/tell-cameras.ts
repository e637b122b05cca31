import { createHash } from "node:crypto";
import type { Camera } from "#contract/cameras.ts";
import { backoffMs } from "../kernel/backoff.ts";
import { messageOf } from "../kernel/errors.ts";
import { stableId } from "../kernel/ids.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Clock } from "./clock.ts";
import type { CameraBook, CameraTold } from "./outbox.ts";
import type { Sender } from "./send-once.ts";
import type { CameraChange } from "./sink.ts";
import { reasonOf } from "./troubles.ts";

export type TellCamerasDeps = {
  sinkId: string;
  storeId: string;
  cameras: () => Camera[];
  book: CameraBook;
  sender: Pick<Sender, "sendCameraChange">;
  clock: Clock;
  log: Logger;
};

/** A person who changes a camera changes several things, one after the other. */
const DEBOUNCE_MS = 2_000;
const RETRY = { firstMs: 1_000, maxMs: 300_000, jitterFraction: 0.2 };

/**
 * Tells a sink that wants to hear of it how the list of cameras changed. What it was told last is kept, and compared
 * with the list: so nothing is lost over a restart, a new sink hears of every camera, and of many changes only what
 * came of them is told.
 */
export function createTellCameras(deps: TellCamerasDeps) {
  const { sinkId, cameras, book, sender, clock, log } = deps;
  let dueAtMs = clock.steadyMs() + DEBOUNCE_MS; // the list is filled while the gateway starts
  let failures = 0;

  /** Whether the sink took it; a sink that does not want to hear is not told again. */
  async function tellOne(change: CameraChange, told: CameraTold, signal: AbortSignal): Promise<boolean> {
    const answer = await sender.sendCameraChange(change, signal);
    if (answer === undefined) return false;
    if (answer.outcome === "retry") {
      if (!signal.aborted) {
        log.warn({ sinkId, reason: reasonOf(answer.trouble) }, "a change of a camera could not be told now");
      }
      dueAtMs = clock.steadyMs() + Math.max(backoffMs(RETRY, failures), answer.retryAfterMs ?? 0);
      failures += 1;
      return false;
    }
    if (answer.outcome === "refused") {
      const { code, trouble } = answer;
      const about = { sinkId, cameraId: told.cameraId, code, reason: reasonOf(trouble) };
      log.warn(about, "a sink refused a change of a camera");
    }
    await book.put(sinkId, told);
    return true;
  }

  async function tellAll(signal: AbortSignal): Promise<void> {
    dueAtMs = Number.POSITIVE_INFINITY;
    const ts = new Date(clock.nowMs()).toISOString();
    for (const { told, kind, camera } of differences(await book.all(sinkId), cameras())) {
      const { cameraId, version, digest } = told;
      const changeId = stableId(`${cameraId} ${version} ${digest}`, deps.storeId);
      const change = { changeId, kind, cameraId, storeId: deps.storeId, ts, ...(camera && { camera }) };
      if (!(await tellOne(change, told, signal))) return;
    }
    failures = 0;
  }

  return {
    /** By the steady clock. */
    dueAtMs: (): number => dueAtMs,
    camerasChanged(): void {
      dueAtMs = clock.steadyMs() + DEBOUNCE_MS;
    },
    /** Does nothing while it is not due; never rejects. */
    async tell(signal: AbortSignal): Promise<void> {
      if (dueAtMs > clock.steadyMs()) return;
      try {
        await tellAll(signal);
      } catch (error) {
        dueAtMs = clock.steadyMs() + backoffMs(RETRY, failures);
        failures += 1;
        log.warn({ sinkId, reason: messageOf(error) }, "changes of cameras could not be told now");
      }
    },
  };
}
export type CameraTeller = ReturnType<typeof createTellCameras>;

type Difference = { told: CameraTold; kind: CameraChange["kind"]; camera?: Record<string, unknown> };

/** What to tell, and what will have been told then. */
function differences(book: CameraTold[], cameras: Camera[]): Difference[] {
  const before = new Map(book.map((told) => [told.cameraId, told]));
  const found: Difference[] = [];
  for (const one of cameras) {
    const last = before.get(one.id);
    before.delete(one.id);
    const camera = publicFields(one);
    const digest = createHash("sha256").update(JSON.stringify(camera)).digest("hex");
    if (last?.digest === digest) continue;
    const kind = last && last.digest !== null ? "camera.updated" : "camera.created";
    found.push({ told: { cameraId: one.id, version: (last?.version ?? 0) + 1, digest }, kind, camera });
  }
  for (const { cameraId, version, digest } of before.values()) {
    if (digest === null) continue;
    found.push({ told: { cameraId, version: version + 1, digest: null }, kind: "camera.removed" });
  }
  return found;
}

/** Without its addresses and what is only of the moment. */
function publicFields({ id, name, place, singleConnection, analysed, queueThreshold, demo }: Camera) {
  return { id, name, place, singleConnection, analysed, queueThreshold, demo };
}
