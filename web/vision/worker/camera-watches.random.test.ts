import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import { PAYLOADS } from "#contract/payloads.ts";
import type { CameraZones, Rule, Shop } from "#contract/zones.ts";
import type { Detection } from "../detector.ts";
import { createCameraWatches } from "./camera-watches.ts";
import type { EvidenceLink } from "./evidence-picture.ts";
import { aZone, corner, zonesOf } from "./rules/scene.memory.ts";
import { aWatchDisk } from "./watch-disk.memory.ts";

const CAMERA_ID = anId();
const A_PICTURE: EvidenceLink = { mediaId: anId(), sha256: "ab".repeat(32) };
const BY = { model: "yolox-nano", executionProvider: "wasm" };
const SHOP: Shop = {
  version: 1,
  timeZone: "America/Sao_Paulo",
  hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", until: "09:02" }],
};
/** A minute before the shop closes. */
const START_MS = Date.UTC(2026, 2, 2, 12, 1, 0);
const AREA = aZone(corner(0.6, 1));
const MASK = aZone(corner(0.2, 0.4), { kind: "mask" });
const LINE = { id: anId(), name: "Porta", from: { x: 0, y: 0.6 }, to: { x: 1, y: 0.6 } };
const IDS = Array.from({ length: 5 }, () => anId());

type Action =
  | { kind: "look"; detections: Detection[] }
  | { kind: "unchanged" }
  | { kind: "time" }
  | { kind: "restart" }
  | { kind: "off" }
  | { kind: "stop" }
  | { kind: "forgotten" }
  | { kind: "rules"; zones: CameraZones | null; shop: boolean };

const anAction = (): fc.Arbitrary<Action> => {
  const side = fc.double({ min: 0, max: 0.9, noNaN: true });
  const detection = fc.record({
    label: fc.constantFrom("person", "person", "car", "dog"),
    score: fc.double({ min: 0.3, max: 1, noNaN: true }),
    box: fc.record({ left: side, top: side, width: fc.constant(0.1), height: fc.constant(0.3) }),
  });
  // two pictures far apart, and some noise: so that what is asked for comes about often enough
  const scene = fc.constantFrom<Detection[]>(
    [],
    [0, 0.2, 0.4].map((left) => ({
      label: "person",
      score: 0.9,
      box: { left, top: 0.3, width: 0.1, height: 0.4 },
    })),
  );
  const look = fc
    .tuple(scene, fc.array(detection, { maxLength: 3 }))
    .map(([most, some]) => ({ kind: "look" as const, detections: [...most, ...some] }));
  const afterS = fc.integer({ min: 0, max: 6 });
  const rule = (id: string): fc.Arbitrary<Partial<Rule> & { kind: Rule["kind"] }> =>
    fc
      .record({
        id: fc.constant(id),
        zoneId: fc.constantFrom(null, AREA.id),
        hours: fc.constantFrom("always" as const, "shop" as const),
      })
      .chain((base) =>
        fc.oneof(
          fc
            .record({ threshold: fc.integer({ min: 1, max: 3 }), startAfterS: afterS, endAfterS: afterS })
            .map((more) => ({ ...base, ...more, kind: "queue" as const })),
          fc.record({ afterS, queueZoneId: fc.constantFrom(null, AREA.id) }).map((more) => ({
            ...base,
            ...more,
            kind: "idle" as const,
          })),
          afterS.map((s) => ({ ...base, afterS: s, kind: "restricted_area" as const })),
          afterS.map((s) => ({ ...base, afterS: s, kind: "missing_person" as const, atLeast: 2 })),
          afterS.map((s) => ({
            ...base,
            afterS: s,
            kind: "forbidden_object" as const,
            labels: ["dog", "car"],
          })),
        ),
      );
  const zones = fc
    .subarray(IDS)
    .chain((ids) => fc.tuple(...ids.map(rule)))
    .map((rules) => zonesOf({ zones: [AREA, MASK], lines: [LINE], rules, minScores: { person: 0.5 } }));
  return fc.oneof(
    { weight: 30, arbitrary: look },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Action>({ kind: "unchanged" }, { kind: "time" }),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Action>(
        { kind: "restart" },
        { kind: "off" },
        { kind: "stop" },
        { kind: "forgotten" },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("rules" as const),
        zones: fc.option(zones),
        shop: fc.boolean(),
      }),
    },
  );
};

/**
 * A station with a disk, on which one row of actions is played. Returns all events in their order. A picture is kept
 * only a step after it was asked for; what a station that ended had not written by then is lost.
 */
async function play(
  start: CameraZones,
  steps: [afterMs: number, Action][],
  stationId: string,
): Promise<EventRecord[]> {
  const disk = aWatchDisk();
  let atMs = START_MS;
  let camera = { id: CAMERA_ID, queueThreshold: 2, analysed: true, lease: { stationId, fence: 1 } };
  let zones: CameraZones | null = start;
  let shop: Shop | null = SHOP;
  let keeping: (() => void)[] = [];
  const keepPicture = () =>
    new Promise<EvidenceLink | null>((resolve) => keeping.push(() => resolve(A_PICTURE)));
  /** More than any chain of promises in there is long. */
  const isWritten = async () => {
    for (let turn = 0; turn < 20; turn += 1) await null;
  };
  const open = () => {
    const watches = createCameraWatches({ storeId: STORE_ID, ...disk.nextLife(), nowMs: () => atMs });
    watches.restore(disk.watches());
    watches.setCameras([{ ...camera, zones }], BY, shop);
    return watches;
  };
  let watches = open();
  for (const [afterMs, action] of steps) {
    atMs += afterMs;
    const kept = keeping;
    keeping = [];
    if (action.kind === "look") {
      const { detections } = action;
      watches.lookedAt(CAMERA_ID, { atMs, aspect: 16 / 9, detections, detectMs: 30, by: BY }, keepPicture);
    } else if (action.kind === "unchanged") watches.unchanged(CAMERA_ID, atMs, keepPicture);
    else if (action.kind === "time") watches.passTime(atMs);
    else if (action.kind === "restart") watches = open();
    else if (action.kind === "off") {
      watches.setCameras([{ ...camera, analysed: false, zones }], BY, shop);
      watches.setCameras([{ ...camera, zones }], BY, shop);
    } else if (action.kind === "stop") {
      void watches.endAll("station_stopped");
      watches.setCameras([{ ...camera, zones }], BY, shop);
    } else if (action.kind === "forgotten") {
      atMs += 200_000;
      watches.passTime(atMs);
    } else if (action.kind === "rules") {
      ({ zones } = action);
      shop = action.shop ? SHOP : null;
      camera = { ...camera, queueThreshold: 3 };
      watches.setCameras([{ ...camera, zones }], BY, shop);
    }
    for (const resolve of kept) resolve();
    await isWritten();
  }
  for (const resolve of keeping) resolve();
  await isWritten();
  return disk.events;
}

const someSteps = (backwards: boolean) => {
  const forwardMs = fc.integer({ min: 1, max: 2_500 });
  const jumpMs = fc.integer({ min: backwards ? -200_000 : 1, max: 120_000 });
  const stepMs = fc.oneof({ weight: 20, arbitrary: forwardMs }, { weight: 1, arbitrary: jumpMs });
  return fc.array(fc.tuple(stepMs, anAction()), { maxLength: 90, size: "max" });
};
const START = zonesOf({
  zones: [AREA],
  lines: [LINE],
  rules: [
    { kind: "queue", zoneId: AREA.id, threshold: 2, ...(IDS[0] && { id: IDS[0] }) },
    { kind: "restricted_area", hours: "shop" },
    { kind: "idle", zoneId: AREA.id, afterS: 4 },
  ],
});

/** Every happening starts, then is updated, then ends; nothing is negative. */
function expectInOrder(events: EventRecord[]): void {
  const running = new Map<string, string>();
  for (const { event_name, meta, payload } of events) {
    expect(PAYLOADS[event_name].safeParse(payload).error).toBeUndefined();
    if (event_name === "vision.metrics.v1") continue;
    const rule = String(meta?.rule_id ?? "queue");
    const startedAt = String(payload?.started_at);
    if (payload?.state === "started") {
      expect(running.has(rule)).toBe(false);
      running.set(rule, startedAt);
    } else expect(running.get(rule)).toBe(startedAt);
    if (payload?.state === "ended") running.delete(rule);
  }
}

test("whatever is seen, changed or lost when, each happening starts once and ends once", async () => {
  let happenings = 0;
  await fc.assert(
    fc.asyncProperty(someSteps(true), async (steps) => {
      const events = await play(START, steps, anId());
      expectInOrder(events);
      happenings += events.length;
    }),
    { numRuns: 120 },
  );
  expect(happenings).toBeGreaterThan(500);
});

test("two stations that tell the same give it the same receipts, and no two things the same", async () => {
  await fc.assert(
    fc.asyncProperty(someSteps(false), async (steps) => {
      const receiptsOf = (events: EventRecord[]) => events.map(({ receipt_id }) => receipt_id);
      const events = await play(START, steps, anId());
      expect(receiptsOf(await play(START, steps, anId()))).toEqual(receiptsOf(events));
      const happenings = events.filter(({ event_name }) => event_name !== "vision.metrics.v1");
      expect(new Set(receiptsOf(happenings)).size).toBe(happenings.length);
    }),
    { numRuns: 30 },
  );
});
