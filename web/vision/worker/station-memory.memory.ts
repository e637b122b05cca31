import type { EventRecord } from "#contract/events.ts";
import type { DeviceChoice, KeptWatch, StationMemory } from "./station-memory.ts";

/** A station's memory without a disk, for tests. It outlives the station that uses it, as a disk would. */
export function memoryStation() {
  const watches = new Map<string, KeptWatch>();
  const choices = new Map<string, DeviceChoice>();
  let events: EventRecord[] = [];
  let broken = false;
  const check = () => {
    if (broken) throw new Error("the disk is gone");
  };
  const memory: StationMemory = {
    async load() {
      check();
      return structuredClone({ watches: [...watches.values()], events });
    },
    async keep(states, more) {
      check();
      for (const state of states) watches.set(state.cameraId, structuredClone(state));
      events.push(...more);
    },
    async forgetWatch(cameraId) {
      watches.delete(cameraId);
    },
    async confirm(receiptIds) {
      check();
      events = events.filter((event) => !receiptIds.includes(event.receipt_id));
    },
    choice: async (key) => choices.get(key) ?? null,
    async choose(key, choice) {
      choices.set(key, choice);
    },
  };
  return {
    ...memory,
    keptEvents: () => [...events],
    breakDown: () => {
      broken = true;
    },
  };
}
