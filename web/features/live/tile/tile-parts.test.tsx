import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CameraFault } from "#contract/cameras.ts";
import { aLine, aQueuePayload, aZone } from "#contract/examples.ts";
import type { PlayerStats } from "../../../hooks/use-player.ts";
import en from "../../../locales/en.json" with { type: "json" };
import ptBr from "../../../locales/pt-BR.json" with { type: "json" };
import { rendered } from "../../../locales/rendered.memory.tsx";
import { PictureShapes } from "../../../ui/PictureShapes.tsx";
import { AlarmMarks } from "./AlarmMarks.tsx";
import { BoxOverlay } from "./BoxOverlay.tsx";
import { PeopleCount } from "./PeopleCount.tsx";
import { StatsTable } from "./StatsOverlay.tsx";
import { ConnectingMessage, TileMessage } from "./TileMessage.tsx";
import type { TileFault, Trouble } from "./tile-view.ts";
import { sceneShapes } from "./ZoneOverlay.tsx";

const NOW_MS = Date.parse("2026-03-01T12:03:20.000Z");

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const TROUBLE: Trouble = {
  fault: "refused",
  detail: "connect ECONNREFUSED",
  lastPictureAtMs: NOW_MS - 8_000,
  triedAgain: "by_itself",
  nextTryAtMs: null,
};

type Shape = { isCompact?: boolean; isEnlarged?: boolean };

const message = (trouble: Partial<Trouble>, { isCompact = false, isEnlarged = false }: Shape = {}) => (
  <TileMessage
    id="m"
    trouble={{ ...TROUBLE, ...trouble }}
    isCompact={isCompact}
    isEnlarged={isEnlarged}
    isTrying={false}
    onRetry={() => {}}
  />
);
const button = `>${en.common.retry}<`;
const EVERY_FAULT = Object.keys(en.fault) as TileFault[];

test("every fault of the contract has words", () => {
  expect(EVERY_FAULT).toEqual(expect.arrayContaining(CameraFault.options));
});

test("every fault is said in words, with what to do and how old the picture is", () => {
  for (const fault of EVERY_FAULT) {
    const html = rendered(message({ fault }));
    expect(html).toContain(en.fault[fault].title);
    expect(html).toContain(en.fault[fault].hint);
    expect(html).toMatch(/8 s/);
    expect(rendered(message({ fault }), "pt-BR")).toContain(ptBr.fault[fault].title);
  }
});

test("a small tile shows a short title and the age, and tells the rest to a screen reader", () => {
  for (const fault of EVERY_FAULT) {
    const html = rendered(message({ fault }, { isCompact: true }));
    expect(html).toContain(`>${en.fault[fault].short}</p>`);
    expect(html).toContain(">8 s ago<");
    expect(html).toContain(en.fault[fault].hint);
    expect(html).not.toContain(button);
    expect(en.fault[fault].short.length).toBeLessThanOrEqual(18);
    expect(ptBr.fault[fault].short.length).toBeLessThanOrEqual(18);
  }
});

test("a frozen picture says since when it stands still", () => {
  expect(rendered(message({ fault: "frozen" }))).toMatch(/Standing still since .+, for 8 s/);
  expect(rendered(message({ fault: "frozen" }), "pt-BR")).toMatch(/Parada desde .+, há 8 s/);
});

test("a camera left alone for a while says for how long, and lets a person try sooner", () => {
  const html = rendered(message({ nextTryAtMs: NOW_MS + 40_000 }));
  expect(html).toContain("Next try in 40 s.");
  expect(html).toContain(button);
  expect(rendered(message({ nextTryAtMs: NOW_MS + 40_000 }), "pt-BR")).toContain(
    "Próxima tentativa em 40 s.",
  );
});

test("a try that is about to come, or of a clock that goes wrong, is promised without a number", () => {
  const soon = rendered(message({ nextTryAtMs: NOW_MS + 2_000 }));
  expect(soon).toContain("Next try in 2 s.");
  expect(soon).not.toContain(button);
  for (const nextTryAtMs of [null, NOW_MS - 1, NOW_MS + 3_600_000])
    expect(rendered(message({ nextTryAtMs }))).toContain(en.live.retries);
});

test("after a wrong password the tile does not promise to try again, but lets a person do it", () => {
  const waiting = rendered(message({ fault: "unauthorized", triedAgain: "person" }));
  expect(waiting).not.toContain(en.live.retries);
  expect(waiting).toContain(en.live.waitsForPerson);
  expect(waiting).toContain(button);
});

test("what this browser cannot play promises nothing", () => {
  const html = rendered(message({ fault: "unsupported_codec", triedAgain: "never" }));
  expect(html).not.toContain(en.live.retries);
  expect(html).not.toContain(button);
});

test("only the enlarged tile speaks by itself, and only it shows what a technician wants", () => {
  expect(rendered(message({}))).toContain('role="status" aria-live="off"');
  expect(rendered(message({}))).not.toContain("ECONNREFUSED");
  const large = rendered(message({}, { isEnlarged: true }));
  expect(large).toContain('role="status" aria-live="polite"');
  expect(large).toContain("ECONNREFUSED");
});

test("a connecting tile says by which way", () => {
  expect(rendered(<ConnectingMessage transport="webrtc" isCompact={false} />)).toContain(
    "Connecting by WebRTC",
  );
});

test("a screen reader hears the count with its unit, and is not interrupted by it", () => {
  expect(rendered(<PeopleCount count={1} />)).toMatch(/role="status" aria-live="off" aria-label="1 person"/);
  expect(rendered(<PeopleCount count={3} />, "pt-BR")).toContain('aria-label="3 pessoas"');
});

test("boxes are drawn in the picture's own pixels", () => {
  const box = { left: 0.25, top: 0.5, width: 0.1, height: 0.2 };
  const objects = [{ trackId: 7, label: "person", score: 0.9, box }];
  const html = rendered(<BoxOverlay objects={objects} widthPx={640} heightPx={360} />);
  expect(html).toContain('viewBox="0 0 640 360"');
  expect(html).toMatch(/data-label="person" x="160" y="180" width="64" height="72"/);
});

test("zones and lines are drawn in the picture's own pixels, with their names and the way that enters", () => {
  const scene = { zones: [aZone({ name: "Till <1>" })], lines: [aLine({ name: "Door" })] };
  const html = rendered(<PictureShapes shapes={sceneShapes(scene)} widthPx={640} heightPx={360} />);
  expect(html).toContain('points="0,0 320,0 320,360 0,360"');
  expect(html).toContain(">Till &lt;1&gt;<");
  expect(html).toContain(">Door<");
  // from left to right: who walks down the picture comes from the left of it to its right
  expect(html).toMatch(/d="M 64 180 L 576 180 M 320 180 L 320 216/);
});

test("an alarm is a frame and words: a queue says for how long it has been running", () => {
  const queue = aQueuePayload({ started_at: "2026-03-01T12:00:00.000Z", max_length: 5 });
  const html = rendered(<AlarmMarks cameraName="Till" isSeen alarms={[{ kind: "queue", queue }]} />);
  expect(html).toContain("Queue for 3 min, at most 5 people");
  expect(html).toContain(">Queue 3 min<");
  const unseen = <AlarmMarks cameraName="Till" isSeen={false} alarms={[{ kind: "queue", queue }]} />;
  expect(rendered(unseen)).not.toContain("Queue");
});

test("figures carry their units, and a dash stands where the browser does not tell", () => {
  const stats: PlayerStats = {
    transport: "hls",
    reason: "b_frames",
    stream: "sub",
    widthPx: 640,
    heightPx: 360,
    codec: "avc1.4D401E",
    fps: 14.94,
    bitrateKbps: 812.4,
    latencyMs: null,
    framesDecoded: 990,
    framesDropped: 10,
    decoder: null,
    bytesAtMs: NOW_MS,
    alikeSinceMs: null,
  };
  const text = rendered(<StatsTable stats={stats} />, "pt-BR").replace(/<[^>]+>/g, " ");
  for (const figure of [
    "HLS",
    "secundário",
    "14,9/s",
    "812 kbit/s",
    "10 (1 %)",
    "640 × 360",
    "avc1.4D401E",
    "–",
  ])
    expect(text).toContain(figure);
});
