import { expect, test } from "vitest";
import { aQueuePayload } from "#contract/examples.ts";
import { rendered } from "../../locales/rendered.memory.tsx";
import { useCorrectionWords } from "./parked/CorrectDialog.tsx";
import { checkCorrection } from "./parked/correction.ts";
import { faultsOf, type PayloadFault } from "./payload-faults.ts";
import { useFaultWords } from "./use-fault-words.ts";

test.each([
  [{ length: 1.5 }, { field: "length", kind: "wholeNumber" }],
  [{ length: null }, { field: "length", kind: "number" }],
  [{ length: -1 }, { field: "length", kind: "least", limit: 0 }],
  [{ wait_estimate_s: "soon" }, { field: "wait_estimate_s", kind: "number" }],
  [{ state: "over" }, { field: "state", kind: "oneOf", values: "started, updated, ended" }],
  [{ started_at: "yesterday" }, { field: "started_at", kind: "time" }],
  [{ reason: 7 }, { field: "reason", kind: "text" }],
  [{ duration_s: undefined }, { field: "duration_s", kind: "missing" }],
])("of a payload with %o it is known what is wrong", (wrong, fault) => {
  expect(faultsOf("queue.detected", { ...aQueuePayload(), ...wrong })).toEqual([fault]);
});

test("a fault deep inside is named by its path, and a field that may be absent is not missed", () => {
  const plate = {
    rule: { kind: "plates" },
    boxes: [{ left: 0, top: "0", width: 1, height: 1 }],
    confidence: 2,
  };
  expect(faultsOf("compliance.detected", plate)).toMatchObject([
    { field: "rule.kind", kind: "oneOf" },
    { field: "boxes.0.top", kind: "number" },
    { field: "confidence", kind: "most", limit: 1 },
  ]);
});

test("an event without a payload lacks each field of it", () => {
  const faults = faultsOf("camera.health", undefined);
  expect(faults).toEqual(["status", "since"].map((field) => ({ field, kind: "missing" })));
});

const Words = ({ faults }: { faults: PayloadFault[] }) => <p>{useFaultWords()(faults)}</p>;

function Told({ payload }: { payload: string }) {
  const wordsOf = useCorrectionWords();
  const checked = checkCorrection("queue.detected", { payload, meta: "" });
  return <p>{checked.status === "wrong" && checked.problems.payload && wordsOf(checked.problems.payload)}</p>;
}

test("what a correction lacks is told in the page's language, a line for each field", () => {
  const payload = JSON.stringify({ ...aQueuePayload(), length: "4", max_length: -1 });
  expect(rendered(<Told payload={payload} />, "pt-BR")).toContain(
    "<p>“length” deve ser um número.\n“max_length” deve ser 0 ou mais.</p>",
  );
  expect(rendered(<Told payload="{" />, "pt-BR")).toContain("veja a linha 1, caractere 2");
});

test("of more than six faults five are told, and how many more there are", () => {
  const linesOf = (faults: PayloadFault[]) => rendered(<Words faults={faults} />);
  const missing = faultsOf("vision.metrics.v1", {});
  const [some, many] = [linesOf(missing.slice(0, 6)), linesOf(missing.slice(0, 7))];
  expect([some.match(/is missing/g)?.length, many.match(/is missing/g)?.length]).toEqual([6, 5]);
  expect(some).not.toContain("more");
  expect(many).toContain("And 2 more.");
});
