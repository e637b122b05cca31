import { describe, expect, test } from "vitest";
import { aMetricsPayload, anEvent, aQueuePayload } from "#contract/examples.ts";
import { sortBatch } from "./sort-batch.ts";

function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < depth; level += 1) value = { inner: value };
  return value;
}

test("one bad event never spoils its batch, and each answer names its place", () => {
  const [first, last] = [anEvent(), anEvent()];
  const { good, refused } = sortBatch({ events: [first, { ...anEvent(), ts: "yesterday" }, 7, last] });
  expect(good.map(({ index, event }) => [index, event])).toEqual([
    [0, first],
    [3, last],
  ]);
  expect(refused.map(({ index, code }) => [index, code])).toEqual([
    [1, "invalid_event"],
    [2, "invalid_event"],
  ]);
});

test("a refused event keeps its receipt where it can be read", () => {
  const event = { ...anEvent(), event_name: "made.up" };
  const { refused } = sortBatch({ events: [event, { ...event, receipt_id: "not a uuid" }, null] });
  expect(refused.map((answer) => answer.receipt_id)).toEqual([event.receipt_id, null, null]);
});

describe("refuses as invalid_event", () => {
  test.each([
    ["a name outside the closed list", { event_name: "camera.exploded" }],
    ["a field the contract does not know", { colour: "red" }],
    ["a time with an offset", { ts: "2026-03-01T12:00:00-03:00" }],
    ["a day that does not exist", { ts: "2026-02-30T12:00:00Z" }],
    ["a source outside the list", { source: "cloud" }],
    ["a payload that is a list", { payload: [] }],
    ["a payload that is null", { payload: null }],
    ["a meta that is text", { meta: "x" }],
    ["a store that is no uuid", { store_id: "shop" }],
  ])("%s", (_, change) => {
    const { good, refused } = sortBatch({ events: [{ ...anEvent(), ...change }] });
    expect([good.length, refused[0]?.code]).toEqual([0, "invalid_event"]);
  });
});

describe("refuses as invalid_payload", () => {
  test.each([
    ["no payload", undefined],
    ["the payload of another name", aMetricsPayload()],
    ["a negative queue", aQueuePayload({ length: -1 })],
    ["half a surrogate pair", { ...aQueuePayload(), reason: "\ud800" }],
    ["half a surrogate pair in a key", { ...aQueuePayload(), "\udc00": 1 }],
    ["a number no double holds", JSON.parse(`{"x":1e999,${JSON.stringify(aQueuePayload()).slice(1)}`)],
    ["a whole number that no double holds exactly", { ...aQueuePayload(), id: 2 ** 53 }],
    [
      "a key that schemas pass over",
      JSON.parse(`{"__proto__":7,${JSON.stringify(aQueuePayload()).slice(1)}`),
    ],
    ["nesting of 33 levels", { ...aQueuePayload(), deep: nested(32) }],
    ["nesting of 20,000 levels", { ...aQueuePayload(), deep: nested(20_000) }],
  ])("%s", (_, payload) => {
    const { good, refused } = sortBatch({ events: [{ ...anEvent(), payload }] });
    expect([good.length, refused[0]?.code]).toEqual([0, "invalid_payload"]);
  });
});

test("keeps payload fields that the schema does not name, down to 32 levels", () => {
  const payload = { ...aQueuePayload(), note: "fila 🛒", deep: nested(31) };
  expect(sortBatch({ events: [anEvent({ payload })] }).good[0]?.event.payload).toEqual(payload);
});

test("stores ids in lower case and times in milliseconds, and remembers the receipt as sent", () => {
  const sent = "018F0000-0000-7000-8000-ABCDEF000001";
  const event = anEvent({ receipt_id: sent, camera_id: sent, ts: "2026-03-01T12:00:00Z" });
  const { good } = sortBatch({ events: [event] });
  const stored = sent.toLowerCase();
  expect(good[0]).toMatchObject({
    receiptAsSent: sent,
    event: { receipt_id: stored, camera_id: stored, ts: "2026-03-01T12:00:00.000Z" },
  });
  expect(good[0]?.event).not.toHaveProperty("zone_id");
});

test.each([[undefined], [null], [[]], [{}], [{ events: [] }], [{ events: {} }], [{ events: [1], more: 1 }]])(
  "refuses an envelope that is no batch: %j",
  (body) => {
    expect(() => sortBatch(body)).toThrow(expect.objectContaining({ code: "invalid_body" }));
  },
);

test("refuses more than 500 events at once", () => {
  expect(() => sortBatch({ events: Array(501).fill({}) })).toThrow(
    expect.objectContaining({ code: "invalid_body" }),
  );
});
