import { expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import type { Language } from "../../hooks/use-language.ts";
import { rendered } from "../../locales/rendered.memory.tsx";
import { EventRow } from "./EventRow.tsx";

function healthRow(payload: { status: string; reason?: string }, language: Language = "en"): string {
  const event = anEvent({
    event_name: "camera.health",
    payload: { since: "2026-03-01T12:00:00.000Z", ...payload },
  });
  const stored = { ...event, received_at: event.ts };
  return rendered(<EventRow event={stored} cameraName="Caixa 1" nowMs={0} />, language);
}

test("the health of a camera is a sentence, with the reason where there is one", () => {
  expect(healthRow({ status: "online" })).toContain("Online");
  expect(healthRow({ status: "offline", reason: "timeout" })).toContain(
    "Offline · The camera does not answer",
  );
  expect(healthRow({ status: "degraded", reason: "packet_loss" }, "pt-BR")).toContain(
    "Imagem ruim · Partes dela se perdem na rede",
  );
  expect(healthRow({ status: "unauthorized", reason: "unauthorized" }, "pt-BR")).toContain(
    "Usuário ou senha errados",
  );
});

test("a reason this page does not know is left out", () => {
  const html = healthRow({ status: "offline", reason: "from_the_future" });
  expect(html).toContain("Offline");
  expect(html).not.toContain("from_the_future");
});

test("a rule that was broken is a sentence, with the rule's name beside the camera's", () => {
  const row = (payload: Record<string, unknown>) => {
    const meta = { rule_name: "Stock room" };
    const event = anEvent({ event_name: "compliance.detected", payload, meta });
    return rendered(
      <EventRow event={{ ...event, received_at: event.ts }} cameraName="Yard" nowMs={0} />,
      "en",
    );
  };
  const happening = { started_at: "2026-03-01T12:00:00.000Z", duration_s: 120 };
  const rule = { kind: "restricted_area" };
  const began = row({ ...happening, rule, state: "started" });
  expect(began).toContain("Person in a restricted area");
  expect(began).toContain("Yard · Stock room");
  expect(row({ ...happening, rule, state: "ended" })).toContain(
    "Person in a restricted area: over after 2 min",
  );
  expect(row({ rule: { kind: "plate_read" }, plate: "ABC1D23" })).toContain("Plate read: ABC1D23");
});
