import { expect, test } from "vitest";
import { anId, aStationLedger } from "#contract/examples.ts";
import type { StationLedger } from "#contract/ledger.ts";
import { type StationAnswer, type StationReport, WATCH_LIMIT_BYTES } from "#contract/stations.ts";
import { createStationLeases, type Resume } from "./station-leases.ts";

const [CAM, OTHER, SESSION] = [anId(), anId(), anId()];
const NOTHING: StationAnswer = { leases: [], gone: [] };
const figures = { capacity: 4, picturesPerS: 2, msPerPicture: 40, model: "m", rates: new Map() };
const working = { status: "working", figures } as const;
const lease = (
  cameraId: string,
  fence: number,
  resume: StationAnswer["leases"][number]["resume"] = null,
) => ({
  cameraId,
  fence,
  resume,
});

/** A station whose gateway answers what the test says, in turn; the last answer goes on. */
function aStation(...answers: (StationAnswer | "away")[]) {
  const clock = { ms: 0 };
  const sent: StationReport[] = [];
  const told: Record<string, number>[] = [];
  const resumed: Resume[] = [];
  const goodbyes: string[] = [];
  const tabs = { hasHeir: false };
  const outbox: { ledger: StationLedger | null } = { ledger: null };
  const leases = createStationLeases({
    proposedName: "Chrome, Windows",
    session: SESSION,
    async post(report) {
      sent.push(report);
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? NOTHING;
      if (answer === "away") throw new Error("away");
      return answer;
    },
    sayGoodbye: (session) => goodbyes.push(session),
    hasHeir: async () => tabs.hasHeir,
    onLeases: (fences) => told.push(Object.fromEntries(fences)),
    onResume: (known) => resumed.push(known),
    ledger: () => outbox.ledger,
    nowMs: () => clock.ms,
  });
  /** Time passes, the station speaks, and what came of it is done. */
  const pass = async (ms: number) => {
    clock.ms += ms;
    leases.tick();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { leases, clock, sent, told, resumed, goodbyes, tabs, outbox, pass };
}

const heldIn = (report: StationReport | undefined) =>
  report?.held.map(({ cameraId, fence }) => [cameraId, fence]);

test("nothing is said before the station works; then at once, and every three seconds", async () => {
  const { leases, sent, pass } = aStation(NOTHING);
  leases.setAbility({ status: "pausing" });
  await pass(5_000);
  expect(sent).toEqual([]);
  leases.setAbility(working);
  await pass(0);
  await pass(2_999);
  expect(sent).toHaveLength(1);
  await pass(1);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toMatchObject({ name: "Chrome, Windows", session: SESSION, capacity: 4, held: [] });
});

test("a lease is told once, after what was known of the camera, and said to be held from then on", async () => {
  const known = { ageMs: 900, watch: { people: 2 } };
  const { leases, sent, told, resumed, pass } = aStation(
    { leases: [lease(CAM, 7, known)], gone: [] },
    { leases: [lease(CAM, 7)], gone: [] },
  );
  leases.setAbility(working);
  await pass(0);
  await pass(3_000);
  expect(resumed).toEqual([{ cameraId: CAM, ...known }]);
  expect(told).toEqual([{ [CAM]: 7 }]);
  expect(heldIn(sent[1])).toEqual([[CAM, 7]]);
});

test("while the gateway is away everything is kept and said again", async () => {
  const { leases, sent, told, pass } = aStation({ leases: [lease(CAM, 7)], gone: [] }, "away", "away");
  leases.setAbility(working);
  await pass(0);
  leases.keepWatch(CAM, { people: 1 }, false);
  for (let round = 0; round < 3; round += 1) {
    leases.setAbility(working);
    await pass(10_000);
  }
  expect(told).toHaveLength(1);
  expect(heldIn(sent.at(-1))).toEqual([[CAM, 7]]);
  expect(sent.at(-1)?.held[0]?.watch).toEqual({ people: 1 });
});

test("a camera asked back is left at once, and returned with the last word of it", async () => {
  const { leases, sent, told, pass } = aStation(
    { leases: [lease(CAM, 7), lease(OTHER, 3)], gone: [] },
    { leases: [lease(OTHER, 3)], gone: [{ cameraId: CAM, fence: 7, reason: "moved" }] },
    { leases: [lease(OTHER, 3)], gone: [] },
  );
  leases.setAbility(working);
  await pass(0);
  await pass(3_000);
  expect(told.at(-1)).toEqual({ [OTHER]: 3 });
  leases.keepWatch(CAM, { people: 5 }, false);
  leases.left(CAM);
  await pass(200);
  expect(sent[2]?.returned).toEqual([{ cameraId: CAM, fence: 7, watch: { people: 5 } }]);
  expect(heldIn(sent[2])).toEqual([[OTHER, 3]]);
  await pass(3_000);
  expect(sent[3]?.returned).toEqual([]);
});

test("a last word that does not come is not waited for", async () => {
  const { leases, sent, pass } = aStation(
    { leases: [lease(CAM, 7)], gone: [] },
    { leases: [], gone: [{ cameraId: CAM, fence: 7, reason: "moved" }] },
    NOTHING,
  );
  leases.setAbility(working);
  await pass(0);
  await pass(3_000);
  await pass(1_000);
  expect(sent[2]?.returned).toEqual([{ cameraId: CAM, fence: 7 }]);
});

test("the lease of a camera that is switched off stays for its last events, and is claimed no more", async () => {
  const { leases, sent, told, pass } = aStation(
    { leases: [lease(CAM, 7)], gone: [] },
    { leases: [], gone: [{ cameraId: CAM, fence: 7, reason: "off" }] },
    { leases: [lease(CAM, 8)], gone: [] },
  );
  leases.setAbility(working);
  await pass(0);
  await pass(3_000);
  expect(told.at(-1)).toEqual({ [CAM]: 7 });
  await pass(3_000);
  expect(heldIn(sent[2])).toEqual([]);
  expect(told.at(-1)).toEqual({ [CAM]: 8 });
});

test("what came of an event is sent at once, and what is too large never", async () => {
  const { leases, sent, pass } = aStation({ leases: [lease(CAM, 7)], gone: [] });
  leases.setAbility(working);
  await pass(0);
  leases.keepWatch(CAM, "x".repeat(WATCH_LIMIT_BYTES), true);
  leases.keepWatch(OTHER, "of a camera of others", true);
  await pass(200);
  expect(sent).toHaveLength(1);
  leases.keepWatch(CAM, "queue", true);
  await pass(200);
  expect(sent[1]?.held[0]?.watch).toBe("queue");
});

test("a station that pauses for long, or goes away, gives everything back", async () => {
  const { leases, sent, told, goodbyes, pass } = aStation({ leases: [lease(CAM, 7)], gone: [] });
  leases.setAbility(working);
  await pass(0);
  leases.setAbility({ status: "pausing" });
  await pass(20_000);
  expect(goodbyes).toEqual([]);
  await pass(6_000);
  expect(goodbyes).toEqual([SESSION]);
  expect(told.at(-1)).toEqual({});
  const before = sent.length;
  await pass(60_000);
  expect(sent).toHaveLength(before);
  leases.setAbility(working);
  await pass(0);
  expect(heldIn(sent.at(-1))).toEqual([]);
});

test("a page that goes says goodbye, unless another tab of this browser takes over", async () => {
  const { leases, goodbyes, tabs, pass } = aStation(NOTHING);
  leases.leave();
  expect(goodbyes).toEqual([]);
  tabs.hasHeir = true;
  leases.setAbility(working);
  await pass(0);
  leases.leave();
  expect(goodbyes).toEqual([]);
  tabs.hasHeir = false;
  await pass(3_000);
  leases.leave();
  expect(goodbyes).toEqual([SESSION]);
});

test("what became of its events goes with every word, once it is known", async () => {
  const { leases, sent, outbox, pass } = aStation(NOTHING);
  leases.setAbility(working);
  await pass(0);
  outbox.ledger = aStationLedger({ created: 5, waiting: 5 });
  await pass(3_000);
  expect(sent.map((report) => report.ledger?.waiting)).toEqual([undefined, 5]);
});
