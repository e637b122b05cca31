import { expect, test } from "vitest";
import type { CameraFault } from "#contract/cameras.ts";
import { afterFailure, afterKnock, afterPicture, afterWait, type Circuit, CLOSED } from "./circuit.ts";

type Step = CameraFault | `${CameraFault} after ${number} s` | "wait" | "knock" | "picture";

/** The circuit after steps that take no time but what they say. */
function run(steps: Step[]): Circuit {
  return steps.reduce((circuit: Circuit, step) => {
    if (step === "wait") return afterWait();
    if (step === "knock") return afterKnock();
    if (step === "picture") return afterPicture(circuit);
    const [fault, seconds = 0] = step.split(" after ");
    const playedMs = Number.parseFloat(String(seconds)) * 1_000;
    // the steps name faults of the contract
    return afterFailure(circuit, { fault: fault as CameraFault, playedMs, atMs: 1_000 });
  }, CLOSED);
}
const times = (count: number, ...steps: Step[]): Step[] => Array.from({ length: count }, () => steps).flat();

test.each<[string, Step[], string]>([
  ["nothing has happened", [], "closed 0"],
  ["four failures", times(4, "refused"), "closed 4"],
  ["five failures", times(5, "refused"), "open until 61000"],
  ["five different failures", ["refused", "dropped", "timeout", "not_found", "no_video"], "open until 61000"],
  ["a wrong password however often", times(9, "unauthorized"), "closed 0"],
  ["a frozen picture however often", times(9, "frozen"), "closed 0"],
  ["a drop after 5 s of playing begins a new row", [...times(4, "dropped"), "dropped after 5 s"], "closed 1"],
  ["a drop after 4 s of playing does not", [...times(4, "dropped"), "dropped after 4 s"], "open until 61000"],
  ["one that shows a picture and drops", times(5, "picture", "dropped after 1 s"), "open until 61000"],
  ["the minute is over", [...times(5, "refused"), "wait"], "half_open 4"],
  ["the one try fails", [...times(5, "refused"), "wait", "refused"], "open until 61000"],
  ["the one try is frozen", [...times(5, "refused"), "wait", "frozen"], "open until 61000"],
  ["the one try plays", [...times(5, "refused"), "wait", "picture"], "closed 4"],
  ["and drops at once", [...times(5, "refused"), "wait", "picture", "dropped after 1 s"], "open until 61000"],
  ["and drops later", [...times(5, "refused"), "wait", "picture", "dropped after 9 s"], "closed 1"],
  ["a knock is answered", [...times(5, "refused"), "knock"], "half_open 0"],
  ["it starts up", [...times(5, "refused"), "knock", ...times(4, "not_found")], "half_open 4"],
  ["and up", [...times(5, "refused"), "knock", ...times(5, "not_found")], "open until 61000"],
  ["and plays", [...times(5, "refused"), "knock", "not_found", "picture"], "closed 1"],
])("%s", (_, steps, expected) => {
  const circuit = run(steps);
  const text =
    circuit.status === "open" ? `open until ${circuit.untilAtMs}` : `${circuit.status} ${circuit.failures}`;
  expect(text).toBe(expected);
});
