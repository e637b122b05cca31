import { expect, test } from "vitest";
import { createHideSecrets } from "./hide-secrets.ts";
import { REFUSED } from "./sink.memory.ts";

const PASSWORD = 'p@ss "w\\rd';
const { text, delivered, result } = createHideSecrets({ password: PASSWORD });

test.each([
  ["as it is", `no: ${PASSWORD}!`, "no: ***!"],
  [
    "in an address",
    `amqp://shop:${encodeURIComponent(PASSWORD)}@host:5672 is closed`,
    "amqp://shop:***@host:5672 is closed",
  ],
  ["in JSON", JSON.stringify({ said: PASSWORD }), '{"said":"***"}'],
  ["cut off at the end", `no: ${PASSWORD.slice(0, 5)}…`, "no: ***…"],
])("a secret is hidden %s", (_, said, shown) => expect(text(said)).toBe(shown));

test("of an authorization the part after its scheme is hidden alone, too", () => {
  const hide = createHideSecrets({ authorization: "Bearer topsecret" });
  expect(hide.text("Bearer topsecret, topsecret; Bearer of news")).toBe("***, ***; Bearer of news");
});

test("what is no secret stays, and so does what is too short to be told from a word", () => {
  expect(text("wrong field…")).toBe("wrong field…");
  expect(createHideSecrets({ password: "abc" }).text("alphabetic abc…")).toBe("alphabetic abc…");
});

test("it is hidden in all that is told of an event, and of a batch", () => {
  const said = {
    ...REFUSED,
    trouble: { code: "refused", detail: PASSWORD } as const,
    request: PASSWORD,
    answer: PASSWORD,
  };
  const hidden = {
    code: "http_400",
    trouble: { code: "refused", detail: "***" },
    request: "***",
    answer: "***",
  };
  const again = {
    outcome: "retry",
    trouble: { code: "hung_up", detail: PASSWORD },
    retryAfterMs: 5,
  } as const;
  expect(delivered({ outcome: "refused", ...said })).toEqual({ outcome: "refused", ...hidden });
  expect(result({ kind: "refused", ...said })).toEqual({ kind: "refused", ...hidden });
  expect(result({ kind: "each", answers: [{ outcome: "acknowledged" }, again] })).toEqual({
    kind: "each",
    answers: [{ outcome: "acknowledged" }, { ...again, trouble: { code: "hung_up", detail: "***" } }],
  });
  expect(result({ kind: "failed", trouble: { code: "no_connection", detail: PASSWORD } })).toEqual({
    kind: "failed",
    trouble: { code: "no_connection", detail: "***" },
  });
});
