import { expect, test } from "vitest";
import { type SinkTrouble, SinkTroubleCode } from "#contract/sink-troubles.ts";
import { reasonOf, troubleIn } from "./troubles.ts";

test("what was written down as a sentence is the same trouble when it is read", () => {
  const codes = SinkTroubleCode.options;
  const troubles = codes.flatMap((code): SinkTrouble[] => [{ code }, { code, detail: 'HTTP 422: "a: b"' }]);
  expect(troubles.map((trouble) => troubleIn(reasonOf(trouble)))).toEqual(troubles);
});

test("a reason of before the codes is no trouble that is known", () => {
  expect(troubleIn("The receiver refused it with HTTP 422.")).toBeNull();
  expect(troubleIn(`${reasonOf({ code: "refused" })} at noon`)).toBeNull();
});
