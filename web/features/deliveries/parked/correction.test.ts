import { expect, test } from "vitest";
import { aQueuePayload } from "#contract/examples.ts";
import { checkCorrection } from "./correction.ts";
import type { ParkedItem } from "./parked-source.ts";
import { linesOf } from "./save-lines.ts";

const good = JSON.stringify(aQueuePayload({ length: 4 }));

test("a payload that fits its event is taken, and an empty meta is none", () => {
  expect(checkCorrection("queue.detected", { payload: good, meta: " " })).toEqual({
    status: "good",
    correction: { payload: aQueuePayload({ length: 4 }) },
  });
  expect(checkCorrection("queue.detected", { payload: good, meta: '{"by":"Ana"}' })).toMatchObject({
    correction: { meta: { by: "Ana" } },
  });
});

test.each([
  ["text", "nope", "notJson"],
  ["a list", "[]", "notObject"],
  ["null", "null", "notObject"],
  ["a payload of another event", '{"length":-1}', "notFitting"],
  ["nothing, where the event needs a payload", "", "notFitting"],
])("%s is not taken", (_, payload, kind) => {
  expect(checkCorrection("queue.detected", { payload, meta: "" })).toMatchObject({
    status: "wrong",
    problems: { payload: { kind } },
  });
});

test("both parts are said to be wrong at once", () => {
  const checked = checkCorrection("queue.detected", { payload: "{", meta: "7" });
  expect(checked).toMatchObject({
    problems: { payload: { kind: "notJson" }, meta: { kind: "notObject" } },
  });
});

test("where a text stops being JSON is said as far as the browser says it", () => {
  const problemOf = (payload: string) => {
    const checked = checkCorrection("queue.detected", { payload, meta: "" });
    return checked.status === "wrong" ? checked.problems.payload : null;
  };
  expect(problemOf('{\n  "length": 4,\n}')).toEqual({ kind: "notJson", at: { line: "3", column: "1" } });
  expect(problemOf("nope")).toEqual({ kind: "notJson", at: null });
});

test("an export has one line of JSON for each event, also for a row that cannot be read", () => {
  const item = {
    key: "1",
    code: "c",
    reason: "two\nlines",
    exchange: null,
    parkedAtMs: 5,
    isCorrectable: false,
  };
  const items: ParkedItem[] = [{ ...item, event: null, json: "{" }];
  expect(linesOf([...items, ...items])).toBe(
    `${'{"event":"{","code":"c","reason":"two\\nlines","parkedAtMs":5}\n'.repeat(2)}`,
  );
});
