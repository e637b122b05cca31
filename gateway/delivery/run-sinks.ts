import type { Camera } from "#contract/cameras.ts";
import type { EventRecord } from "#contract/events.ts";
import type { SinkKind } from "#contract/sinks.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Rests } from "./circuit.ts";
import type { Clock } from "./clock.ts";
import { createHideSecrets } from "./hide-secrets.ts";
import type { KnownSink, SinkRunner } from "./manage-sinks.ts";
import type { DeliveryStore } from "./outbox.ts";
import { createRateMeter, type RateMeter } from "./rate-meter.ts";
import { createSender } from "./send-once.ts";
import type { OpenSink, Sink, SinkDeps } from "./sink.ts";
import { createSinkLoop, type SinkLoop } from "./sink-loop.ts";
import { createTellCameras } from "./tell-cameras.ts";

/** How each kind of sink is opened. */
export type SinkKinds = { [Kind in SinkKind]: OpenSink<Kind> };

export type RunSinksDeps = {
  kinds: SinkKinds;
  store: DeliveryStore;
  /** This gateway's own. */
  cameras: () => Camera[];
  /** Of any gateway's; null when it is gone. Without it: of `cameras`. */
  cameraName?: ((cameraId: string) => Promise<string | null>) | undefined;
  storeId: string;
  /** The store's own where there is but one gateway. */
  gatewayId?: string | undefined;
  clock: Clock;
  log: Logger;
  sendTimeoutMs?: number;
  rests: Rests;
  random?: () => number;
};

type RunsAll = {
  /** New events are in the outboxes. */
  noticed(events: Pick<EventRecord, "event_name">[]): void;
  camerasChanged(): void;
  /** Within about a second, whatever the sinks do. */
  stop(): Promise<void>;
};

type OnTrouble = SinkDeps<SinkKind>["onTrouble"];

const SEND_TIMEOUT_MS = 30_000;

/** One loop for each sink that is enabled and not paused. Whatever one of them does, the others do not feel it. */
export function createRunSinks(deps: RunSinksDeps): SinkRunner & RunsAll {
  const { store, clock, log, cameras, storeId, gatewayId = storeId, cameraName = nameAmong(cameras) } = deps;
  const running = new Map<string, { loop: SinkLoop; sender: ReturnType<typeof senderOf> }>();
  const meters = new Map<string, RateMeter>();

  function meterOf(id: string): RateMeter {
    const meter = meters.get(id) ?? createRateMeter(clock.steadyMs);
    meters.set(id, meter);
    return meter;
  }

  function open({ id, target, secrets }: KnownSink, onTrouble: OnTrouble): Sink {
    const openSink = deps.kinds[target.kind] as OpenSink<SinkKind>; // the table holds each kind's own under its name
    return openSink({
      sinkId: id,
      target,
      secrets,
      storeId,
      gatewayId,
      notes: store.notes(id),
      cameraName,
      nowMs: clock.nowMs,
      onTrouble,
    });
  }

  function senderOf(sink: KnownSink) {
    const hide = createHideSecrets(sink.secrets);
    // not the error itself: what hangs on it may hold the secrets of the connection
    const onTrouble: OnTrouble = (what, cause) =>
      log.warn({ sinkId: sink.id, reason: hide.text(messageOf(cause)) }, what);
    return createSender({
      open: () => open(sink, onTrouble),
      hide,
      sendTimeoutMs: deps.sendTimeoutMs ?? SEND_TIMEOUT_MS,
      clock,
      onTrouble,
    });
  }

  function start(sink: KnownSink): void {
    const sender = senderOf(sink);
    const common = { sender, clock, log };
    const teller = createTellCameras({
      ...common,
      sinkId: sink.id,
      storeId,
      cameras,
      book: store.cameraBook,
    });
    const { outbox } = store;
    const given = { rests: deps.rests, ...(deps.random && { random: deps.random }) };
    const loop = createSinkLoop({ ...common, ...given, sink, outbox, teller, meter: meterOf(sink.id) });
    running.set(sink.id, { loop, sender });
    loop.start();
  }

  async function halt(id: string): Promise<void> {
    const loop = running.get(id)?.loop;
    running.delete(id);
    await loop?.stop();
  }

  return {
    async apply(sink) {
      await halt(sink.id);
      if (sink.isEnabled && !sink.isPaused) start(sink);
    },
    async forget(id) {
      await halt(id);
      meters.delete(id);
      await store.cameraBook.forget(id); // it may lie in another database than the sink
    },
    async stop() {
      await Promise.all([...running.keys()].map(halt));
    },
    async test(sink, event) {
      const signal = new AbortController().signal;
      const sender = running.get(sink.id)?.sender;
      if (sender) return sender.send([event], signal);
      const own = senderOf(sink);
      const result = await own.send([event], signal);
      await own.close();
      return result;
    },
    noticed(events) {
      for (const { loop } of running.values()) loop.noticed(events);
    },
    camerasChanged() {
      for (const { loop } of running.values()) loop.camerasChanged();
    },
    wake: (id) => running.get(id)?.loop.wake(),
    state({ id, isEnabled, isPaused }) {
      if (!isEnabled) return { status: "disabled" };
      if (isPaused) return { status: "paused" };
      return running.get(id)?.loop.state() ?? { status: "working" };
    },
    ratePerS: (id) => meters.get(id)?.perS() ?? 0,
  };
}

const nameAmong =
  (cameras: () => Camera[]) =>
  async (cameraId: string): Promise<string | null> =>
    cameras().find(({ id }) => id === cameraId)?.name ?? null;
