import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Clock } from "./clock.ts";
import { createRepeat } from "./repeat.ts";

export type FollowSinksDeps = { reread: () => Promise<void>; clock: Pick<Clock, "later">; log: Logger };

/** How long a sink that was added, changed, paused or removed at one gateway is still the old one at another. */
const FOLLOW_EVERY_MS = 3_000;

/** Looks again and again what other gateways made of the sinks. */
export function createFollowSinks({ reread, clock, log }: FollowSinksDeps) {
  async function look(): Promise<void> {
    try {
      await reread();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, "what other gateways made of the sinks cannot be read now");
    }
  }

  const repeat = createRepeat(look, { everyMs: FOLLOW_EVERY_MS, clock });
  return { start: repeat.later, stop: repeat.stop };
}
