import { z } from "zod";

/** What can be made to go wrong with one simulated camera, until it is cleared. */
export const Fault = z.discriminatedUnion("kind", [
  /** The connection stays up and answers, no picture comes. */
  z.strictObject({ kind: z.literal("freeze") }),
  /** Nothing is sent or answered any more, and nothing closes: a pulled cable, a router that forgot the connection. */
  z.strictObject({ kind: z.literal("black_hole") }),
  /** The same picture again and again, to every reader the same, with new timestamps. */
  z.strictObject({ kind: z.literal("frozen_picture") }),
  /** The connection closes as soon as it plays. */
  z.strictObject({ kind: z.literal("drop") }),
  /** The connection closes at the first request, unanswered. */
  z.strictObject({ kind: z.literal("refuse") }),
  /** 401, whatever the password. */
  z.strictObject({ kind: z.literal("unauthorized") }),
  z.strictObject({ kind: z.literal("not_found") }),
  /** DESCRIBE is answered only after this time. */
  z.strictObject({ kind: z.literal("slow_start"), ms: z.number().min(0) }),
  /** Every picture is sent this much later than it is due; those due in the last `ms` come at once when it ends. */
  z.strictObject({ kind: z.literal("lag"), ms: z.number().min(0).max(60_000) }),
  /** This part of all packets never arrives. */
  z.strictObject({ kind: z.literal("loss"), fraction: z.number().min(0).max(1) }),
]);
export type Fault = z.infer<typeof Fault>;

/** Faults under which a camera would not go on playing to those it plays to already. */
export function endsPlaying(fault: Fault): boolean {
  return ["drop", "refuse", "unauthorized", "not_found"].includes(fault.kind);
}
