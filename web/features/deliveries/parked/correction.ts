import type { EventName } from "#contract/events.ts";
import { faultsOf, type PayloadFault } from "../payload-faults.ts";
import type { Correction } from "./parked-source.ts";

export type CorrectionProblem =
  /** `at`: where, counted from 1, as far as the browser says it. */
  | { kind: "notJson"; at: { line: string; column: string } | null }
  | { kind: "notObject" }
  | { kind: "notFitting"; faults: PayloadFault[] };

export type CheckedCorrection =
  | { status: "good"; correction: Correction }
  | { status: "wrong"; problems: { payload?: CorrectionProblem; meta?: CorrectionProblem } };

type Part = { value?: Record<string, unknown>; problem?: CorrectionProblem };

/** What was entered as an event's payload and meta, checked as the gateway does; an empty text is none. */
export function checkCorrection(
  name: EventName,
  texts: { payload: string; meta: string },
): CheckedCorrection {
  const payload = fitting(name, partIn(texts.payload));
  const meta = partIn(texts.meta);
  if (payload.problem || meta.problem) {
    return {
      status: "wrong",
      problems: {
        ...(payload.problem && { payload: payload.problem }),
        ...(meta.problem && { meta: meta.problem }),
      },
    };
  }
  return {
    status: "good",
    correction: {
      ...(payload.value && { payload: payload.value }),
      ...(meta.value && { meta: meta.value }),
    },
  };
}

function partIn(text: string): Part {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    // checked just before
    return isObject ? { value: value as Record<string, unknown> } : { problem: { kind: "notObject" } };
  } catch (error) {
    return { problem: { kind: "notJson", at: placeIn(String(error)) } };
  }
}

/** Browsers differ in all but these words, and say them of most faults. */
function placeIn(message: string): { line: string; column: string } | null {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  return line && column ? { line, column } : null;
}

function fitting(name: EventName, part: Part): Part {
  if (part.problem) return part;
  const faults = faultsOf(name, part.value);
  return faults.length > 0 ? { problem: { kind: "notFitting", faults } } : part;
}
