import type { EventName } from "#contract/events.ts";
import { PAYLOADS } from "#contract/payloads.ts";
import type { Correction } from "./parked-source.ts";

export type CorrectionProblem = { kind: "notJson" | "notFitting"; message: string } | { kind: "notObject" };

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
    return { problem: { kind: "notJson", message: error instanceof Error ? error.message : String(error) } };
  }
}

function fitting(name: EventName, part: Part): Part {
  if (part.problem) return part;
  const { error } = PAYLOADS[name].safeParse(part.value ?? {});
  const [issue] = error?.issues ?? [];
  if (!issue) return part;
  const message = [issue.path.join("."), issue.message].filter((text) => text !== "").join(": ");
  return { problem: { kind: "notFitting", message } };
}
