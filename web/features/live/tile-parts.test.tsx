import { expect, test } from "vitest";
import { CameraFault } from "#contract/cameras.ts";
import { aQueuePayload } from "#contract/examples.ts";
import en from "../../locales/en.json" with { type: "json" };
import { rendered } from "../../locales/rendered.memory.tsx";
import { BoxOverlay } from "./BoxOverlay.tsx";
import { PeopleCount } from "./PeopleCount.tsx";
import { QueueMark } from "./QueueMark.tsx";
import { TileMessage } from "./TileMessage.tsx";
import type { TileFault } from "./tile-view.ts";

const trouble = (fault: TileFault | null, triesAgain = true) => (
  <TileMessage
    view={{ status: "stalled", fault, detail: null, lastPictureAtMs: 1_000, triesAgain }}
    nowMs={9_000}
    onRetry={() => {}}
  />
);

test("every fault of the contract is said in words, with what to do and how old the picture is", () => {
  for (const fault of CameraFault.options) {
    const html = rendered(trouble(fault));
    expect(html).toContain(en.fault[fault].title);
    expect(html).toContain(en.fault[fault].hint);
    expect(html).toContain("for 8 s");
  }
  expect(rendered(trouble(null), "pt-BR")).toContain("A imagem parou");
});

test("after a wrong password the tile does not promise to try again, but lets a person do it", () => {
  const waiting = rendered(trouble("unauthorized", false));
  expect(waiting).not.toContain(en.live.retries);
  expect(waiting).toContain(en.common.retry);
  const trying = rendered(trouble("refused"));
  expect(trying).toContain(en.live.retries);
  expect(trying).not.toContain(`>${en.common.retry}<`);
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

test("a queue says for how long it has been running", () => {
  const queue = aQueuePayload({ started_at: "2026-03-01T12:00:00.000Z", max_length: 5 });
  const nowMs = Date.parse("2026-03-01T12:03:20.000Z");
  expect(rendered(<QueueMark queue={queue} nowMs={nowMs} />)).toContain("Queue for 3 min, at most 5 people");
});
