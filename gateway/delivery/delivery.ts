import type { Camera } from "#contract/cameras.ts";
import type { SinkRhythm } from "#contract/sinks.ts";
import type { Bus } from "../kernel/bus.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Rests } from "./circuit.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createFollowSinks } from "./follow-sinks.ts";
import { createLedgers } from "./ledgers.ts";
import { createManageSinks, type SinkStore } from "./manage-sinks.ts";
import type { DeliveryStore } from "./outbox.ts";
import { createRunSinks, type SinkKinds } from "./run-sinks.ts";
import { createSweepExpired } from "./sweep-expired.ts";
import { createWatchLedgers } from "./watch-ledgers.ts";

export type DeliveryDeps = {
  kinds: SinkKinds;
  store: DeliveryStore;
  sinks: SinkStore;
  bus: Pick<Bus, "on">;
  /** This gateway's own. */
  cameras: () => Camera[];
  /** Of any gateway's; without it: of `cameras`. */
  cameraName?: ((cameraId: string) => Promise<string | null>) | undefined;
  whyRefused: (event: unknown) => string | null;
  storeId: string;
  gatewayId?: string | undefined;
  /** Whether other gateways work on the same database. */
  isShared?: boolean | undefined;
  newId: () => string;
  /** What a new sink is given where it says nothing of its own. */
  rhythm: () => SinkRhythm;
  rests: Rests;
  clock?: Clock;
  log: Logger;
};

/** Everything about sending events on, joined: the sinks, their loops, ledgers and what expires. */
export async function createDelivery(deps: DeliveryDeps) {
  const { bus, clock = systemClock, log } = deps;
  const { outbox, deadLetter } = deps.store;
  const run = createRunSinks({ ...deps, clock });
  const ledgers = createLedgers({ outbox, steadyMs: clock.steadyMs, log });
  const manage = await createManageSinks({ ...deps, store: deps.sinks, deadLetter, ledgers, run, clock });
  const watch = createWatchLedgers({ sinks: manage.known, ledgers, clock, log });
  const sweep = createSweepExpired({ sinks: manage.known, store: deps.store, clock, log });
  const follow = createFollowSinks({ reread: manage.reread, clock, log });
  const ends: (() => void)[] = [];

  return {
    ...manage,
    unbalancedLedgers: ledgers.unbalanced,
    /** Once the list of cameras is whole. */
    async start(): Promise<void> {
      ends.push(bus.on("events.stored", ({ events }) => run.noticed(events)));
      ends.push(bus.on("camera.changed", run.camerasChanged), bus.on("camera.removed", run.camerasChanged));
      await Promise.all(manage.known().map(run.apply));
      sweep.start();
      watch.start();
      if (deps.isShared) follow.start();
    },
    async stop(): Promise<void> {
      for (const end of ends.splice(0)) end();
      await follow.stop(); // it starts what others added
      await Promise.all([run.stop(), sweep.stop(), watch.stop()]);
    },
  };
}
export type Delivery = Awaited<ReturnType<typeof createDelivery>>;
