import type { EventRecord } from "#contract/events.ts";
import { type QueueBoard, withQueueEvents } from "../hooks/queue-board.ts";
import type { ArrivedResult, StationFacts, StationHost } from "../hooks/services.ts";
import type { StationLeases } from "../stations/station-leases.ts";
import type { Station, StationDeps, StationStatus } from "../vision/station.ts";
import { abilityOf } from "./station-ability.ts";

type StationHostDeps = {
  createStation: (deps: StationDeps) => Station;
  connectTap: () => MessagePort;
  emit: StationDeps["emit"];
  keepPicture: StationDeps["keepPicture"];
  stationId: string;
  /** What the gateway lets this browser look at. */
  leases: Pick<StationLeases, "setAbility" | "keepWatch" | "left" | "fences">;
  cores: number;
  nowMs: () => number;
};

/**
 * Owns the page's station. It can only be made once the store is known (a gateway's first answer, or an earlier
 * visit's), and is made anew when the store is another one.
 */
export function createStationHost(deps: StationHostDeps): StationHost {
  const statusListeners = new Set<() => void>();
  const queueListeners = new Set<() => void>();
  const resultListeners = new Map<string, Set<() => void>>();
  const latest = new Map<string, ArrivedResult>();
  let current: { station: Station; storeId: string; facts: StationFacts } | null = null;
  let status: StationStatus = { status: "stopped" };
  let queues: QueueBoard = {};

  function become(next: StationStatus) {
    status = next;
    deps.leases.setAbility(abilityOf(next, deps.cores));
    for (const listener of statusListeners) listener();
  }

  function showQueues(next: QueueBoard) {
    queues = next;
    for (const listener of queueListeners) listener();
  }

  async function emit(events: EventRecord[]) {
    await deps.emit(events);
    showQueues(withQueueEvents(queues, events));
  }

  function begin(storeId: string): Station {
    const station = deps.createStation({
      storeId,
      tapPort: deps.connectTap(),
      openTapPort: deps.connectTap,
      emit,
      keepPicture: deps.keepPicture,
      onWatches(watches, isUrgent) {
        for (const { cameraId, watch } of watches) deps.leases.keepWatch(cameraId, watch, isUrgent);
      },
      onLeft: deps.leases.left,
    });
    station.setLeases(deps.stationId, deps.leases.fences());
    station.onStatus(become);
    station.onResult((result) => {
      latest.set(result.cameraId, { ...result, arrivedAtMs: deps.nowMs() });
      for (const listener of resultListeners.get(result.cameraId) ?? []) listener();
    });
    return station;
  }

  function setFacts(facts: StationFacts) {
    if (facts.storeId === null) return;
    if (current?.storeId !== facts.storeId) {
      current?.station.stop();
      latest.clear();
      showQueues({});
      current = { station: begin(facts.storeId), storeId: facts.storeId, facts };
      current.station.setCameras(facts.cameras, facts);
      current.station.setModel(facts.model);
      current.station.setPlates(facts.plates);
      current.station.start();
      return;
    }
    const { station, facts: before } = current;
    const isSame = (["cameras", "zones", "shop"] as const).every((name) => facts[name] === before[name]);
    if (!isSame) station.setCameras(facts.cameras, facts);
    if (facts.model?.id !== before.model?.id) station.setModel(facts.model);
    if (facts.plates !== before.plates) station.setPlates(facts.plates);
    current.facts = facts;
  }

  return {
    setFacts,
    setLeases: (fences) => current?.station.setLeases(deps.stationId, fences),
    resume: ({ cameraId, watch, ageMs }) => current?.station.resume(cameraId, watch, ageMs),
    measureAgain: () => current?.station.measureAgain(),
    status: () => status,
    onStatus: (listener) => subscription(statusListeners, listener),
    latest: (cameraId) => latest.get(cameraId) ?? null,
    onResult(cameraId, listener) {
      const listeners = resultListeners.get(cameraId) ?? new Set();
      resultListeners.set(cameraId, listeners);
      return subscription(listeners, listener);
    },
    queues: () => queues,
    onQueues: (listener) => subscription(queueListeners, listener),
  };
}

function subscription(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
