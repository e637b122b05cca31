import { expect, test } from "vitest";
import { answeredWith, failureIn, failureSentence, type GatewayFailure } from "./gateway-failure.ts";

test("what was kept as a sentence is the same failure when it is read", () => {
  const failures: GatewayFailure[] = [
    { kind: "unreachable" },
    { kind: "late" },
    { kind: "unreadable" },
    { kind: "left_out" },
    { kind: "answered", answer: "503 (storage_unavailable)" },
  ];
  expect(failures.map((failure) => failureIn(failureSentence(failure)))).toEqual(failures);
});

test("an answer is told by its status, and by the gateway's code where it gave one", () => {
  expect(answeredWith(503, "storage_unavailable")).toBe("The gateway answered 503 (storage_unavailable).");
  expect(failureIn(answeredWith(502, undefined))).toEqual({ kind: "answered", answer: "502" });
});

test("any other text is no failure that is known", () => {
  expect(failureIn("QuotaExceededError")).toBeNull();
  expect(failureIn("The gateway cannot be reached. Again.")).toBeNull();
});
