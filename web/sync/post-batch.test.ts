import { expect, test } from "vitest";
import type { ErrorCode } from "#contract/errors.ts";
import { createPostBatch } from "./post-batch.ts";

const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const alive = new AbortController().signal;

function postTo(respond: () => Response | Promise<Response>, timeoutMs = 30_000) {
  return createPostBatch({ fetch: async () => respond(), nowMs: () => NOW_MS, timeoutMs })("{}", alive);
}

const refusal = (status: number, code: ErrorCode) =>
  Response.json({ error: { code, message: "why", traceId: "t" } }, { status });

test("an answer gives its receipts and leaves out those it does not understand", async () => {
  const receipts = [
    { index: 0, receipt_id: "a", outcome: "stored" },
    { index: 1, outcome: "new kind" },
  ];
  expect(await postTo(() => Response.json({ receipts }))).toEqual({
    kind: "answered",
    receipts: [receipts[0]],
  });
});

test.each([
  ["half an answer", () => new Response('{"receipts":[{"ind')],
  ["a captive portal's page", () => new Response("<html>Please log in</html>")],
  ["an empty answer", () => new Response(null, { status: 204 })],
  ["500", () => refusal(500, "internal")],
  ["503", () => refusal(503, "storage_unavailable")],
  ["408", () => new Response("", { status: 408 })],
  ["429", () => new Response("", { status: 429 })],
  ["a refusal that is about the way, not the events", () => refusal(403, "forbidden_origin")],
  ["a proxy's 400, which does not speak the contract", () => new Response("Bad Request", { status: 400 })],
  ["a network error", () => Promise.reject(new TypeError("Failed to fetch"))],
])("%s keeps the events for another try", async (_, respond) => {
  expect(await postTo(respond)).toMatchObject({ kind: "retry" });
});

test.each([
  ["400", () => refusal(400, "invalid_body"), "invalid_body"],
  ["413", () => refusal(413, "body_too_large"), "body_too_large"],
  ["a proxy's 413", () => new Response("<html>", { status: 413 }), "body_too_large"],
])("%s blames the batch", async (_, respond, code) => {
  expect(await postTo(respond)).toMatchObject({ kind: "refused", code });
});

test.each([
  ["7", 7_000],
  ["Sun, 01 Mar 2026 12:01:00 GMT", 60_000],
  ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
  ["999999999", 3_600_000],
  ["soon", undefined],
])("Retry-After %s is a wait of %s ms", async (header, retryAfterMs) => {
  const outcome = await postTo(() => new Response("", { status: 429, headers: { "retry-after": header } }));
  expect(outcome.kind === "retry" && outcome.retryAfterMs).toBe(retryAfterMs);
});

test("a gateway that says nothing is given up in time", async () => {
  const fetch: typeof globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) =>
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
    );
  const outcome = await createPostBatch({ fetch, nowMs: () => NOW_MS, timeoutMs: 1 })("{}", alive);
  expect(outcome).toEqual({ kind: "retry", reason: "The gateway did not answer in time." });
});
