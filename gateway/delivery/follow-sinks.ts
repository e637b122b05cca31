import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Clock } from "./clock.ts";

export type FollowSinksDeps = { reread: () => Promise<void>; clock: Pick<Clock, "later">; log: Logger };

/** How long a sink that was added, changed, paused or removed at one gateway is still the old one at another. */
const FOLLOW_EVERY_MS = 3_000;

/** Looks again and again what other gateways made of the sinks. */
export function createFollowSinks({ reread, clock, log }: FollowSinksDeps) {
  let callOff = () => {};
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      await reread();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, "what other gateways made of the sinks cannot be read now");
    }
  }

  function lookLater(): void {
    callOff = clock.later(() => {
      looking = look().then(() => {
        if (!isStopped) lookLater();
      });
    }, FOLLOW_EVERY_MS);
  }

  return {
    start: lookLater,
    async stop(): Promise<void> {
      isStopped = true;
      callOff();
      await looking;
    },
  };
}
