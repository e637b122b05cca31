import type { FractionBox } from "#contract/payloads.ts";
import type { SeenObject } from "../../station.ts";
import type { Signal } from "./happening.ts";
import { countIn, type Head, type Place } from "./presence.ts";
import type { Condition } from "./scene.ts";

const isPerson = ({ label }: Place): boolean => label === "person";

/** What the places of one look say about a condition. */
export function signalOf(condition: Condition, places: readonly Place[], atMs: number): Signal {
  switch (condition.kind) {
    case "people_at_least":
      return atLeast(countIn(places, condition.areaId, atMs, isPerson), condition.count);
    case "labels":
      return atLeast(
        countIn(places, condition.areaId, atMs, ({ label }) => condition.labels.has(label)),
        1,
      );
    case "people_fewer": {
      const empty = not(atLeast(countIn(places, condition.areaId, atMs, isPerson), condition.count));
      if (condition.waitingAreaId === null) return empty;
      return both(empty, atLeast(countIn(places, condition.waitingAreaId, atMs, isPerson), 1));
    }
  }
}

/** How many people a queue's condition counts. */
export const lengthOf = (condition: Condition, places: readonly Place[], atMs: number): number =>
  countIn(places, condition.areaId, atMs, isPerson).present;

/** The boxes of what makes the condition true, of the objects of this look. */
export function boxesOf(
  condition: Condition,
  places: readonly Place[],
  objects: readonly SeenObject[],
): FractionBox[] {
  const counts = (place: Place): boolean =>
    condition.kind === "labels" ? condition.labels.has(place.label) : isPerson(place);
  const there = places.filter((place) => place.inside[condition.areaId] && counts(place));
  const ids = new Set(there.map(({ trackId }) => trackId));
  return objects.filter(({ trackId }) => ids.has(trackId)).map(({ box }) => box);
}

function atLeast({ seen, present }: Head, count: number): Signal {
  if (seen >= count) return "on";
  return present >= count ? "maybe" : "off";
}

const NOT = { on: "off", maybe: "maybe", off: "on" } as const;
const not = (signal: Signal): Signal => NOT[signal];

function both(one: Signal, other: Signal): Signal {
  if (one === "off" || other === "off") return "off";
  return one === "on" && other === "on" ? "on" : "maybe";
}
