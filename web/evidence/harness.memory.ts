import { IDBKeyRange, IDBFactory as MemoryFactory } from "fake-indexeddb";
import { type ErrorCode, HTTP_STATUS } from "#contract/errors.ts";
import { anId } from "#contract/examples.ts";
import { createTabLocks } from "../lib/tab-locks.ts";
import { createEvidence, type EvidenceServiceDeps } from "./create-evidence.ts";
import type { Evidence, EvidencePicture } from "./evidence.ts";
import { EvidenceDb } from "./evidence-db.ts";

/** How the gateway treats one picture. `lost_answer`: it is stored, and the connection breaks. */
export type Behaviour = "store" | "unreachable" | "lost_answer" | { code: ErrorCode; retryAfterS?: number };

export function aPicture(sizeBytes = 100): EvidencePicture {
  const facts = { cameraId: anId(), takenAtMs: 1_700_000_000_000, reason: "queue", boxes: [] };
  return { mediaId: anId(), sha256: "0".repeat(64), bytes: new ArrayBuffer(sizeBytes), facts };
}

/** One device with as many tabs as a test opens, and a gateway in memory; time passes only by `pass`. */
export function evidenceDevice() {
  const indexedDB = new MemoryFactory();
  const tabs: Evidence[] = [];
  let timers: { work: () => void; atMs: number }[] = [];
  const wakes = new Set<() => void>();
  const device = {
    nowMs: 1_700_000_000_000,
    /** Media ids in the order in which they came; and those that are stored. */
    brought: [] as string[],
    stored: new Set<string>(),
    behave: (_mediaId: string): Behaviour => "store",
    openDatabase: () => new EvidenceDb({ indexedDB, IDBKeyRange }),
    openTab(overrides: Partial<EvidenceServiceDeps> = {}): Evidence {
      const tab = createEvidence({
        db: device.openDatabase(),
        fetch: (async (path: unknown, init?: RequestInit) => respond(String(path), init)) as typeof fetch,
        locks: createTabLocks("guarita-evidence", navigator.locks),
        onWake(wake) {
          wakes.add(wake);
          return () => void wakes.delete(wake);
        },
        limit: { pictures: 5, bytes: 1_000 },
        nowMs: () => device.nowMs,
        random: () => 0,
        later(work, delayMs) {
          const timer = { work, atMs: device.nowMs + delayMs };
          timers.push(timer);
          return () => {
            timers = timers.filter((other) => other !== timer);
          };
        },
        ...overrides,
      });
      tabs.push(tab);
      return tab;
    },
    pass(byMs: number) {
      device.nowMs += byMs;
      const due = timers.filter(({ atMs }) => atMs <= device.nowMs);
      timers = timers.filter(({ atMs }) => atMs > device.nowMs);
      for (const { work } of due) work();
    },
    /** As the browser does when the network is back. */
    wake() {
      for (const wake of wakes) wake();
    },
    close() {
      for (const tab of tabs) tab.stop();
    },
  };

  function respond(path: string, init?: RequestInit): Response {
    init?.signal?.throwIfAborted();
    const mediaId = path.split("/").at(-1) ?? "";
    device.brought.push(mediaId);
    const behaviour = device.behave(mediaId);
    if (behaviour === "unreachable") throw new TypeError("Failed to fetch");
    if (typeof behaviour === "object") return refusal(behaviour);
    const outcome = device.stored.has(mediaId) ? "duplicate" : "stored";
    device.stored.add(mediaId);
    if (behaviour === "lost_answer") throw new TypeError("Failed to fetch");
    return Response.json({ mediaId, outcome });
  }

  return device;
}
export type EvidenceDevice = ReturnType<typeof evidenceDevice>;

function refusal({ code, retryAfterS }: Exclude<Behaviour, string>): Response {
  const headers = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
  const error = { code, message: code, traceId: "t" };
  return Response.json({ error }, { status: HTTP_STATUS[code], headers });
}
