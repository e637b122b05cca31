import type { FractionBox } from "#contract/payloads.ts";
import type { Shop } from "#contract/zones.ts";
import type { PlateListing } from "../../plates/plate-listing.ts";
import { isInside, positionOf } from "./geometry.ts";
import { isOpen } from "./opening-hours.ts";
import type { PlateRule, Scene } from "./scene.ts";

/** A plate that was read of one vehicle in one passage, after the vote. */
export type SeenPlate = PlateListing & {
  atMs: number;
  plate: string;
  layout: "old" | "mercosul";
  confidence: number;
  /** Pictures that voted. */
  reads: number;
  /** The vehicle's track, and when its plate was read first: together they name the passage. */
  trackId: number;
  firstReadAtMs: number;
  /** Of the plate, in the best picture. */
  box: FractionBox;
};

/** The camera's rules that this plate fulfils where and when it was seen. */
export function rulesOfPlate({ areas, plateRules }: Scene, shop: Shop | null, seen: SeenPlate): PlateRule[] {
  const position = positionOf({ label: "plate", box: seen.box });
  return plateRules.filter((rule) => {
    if (rule.kind !== "plate_read" && rule.kind !== seen.listing) return false;
    if (rule.hours === "shop" && !isOpen(shop, seen.atMs)) return false;
    const points = areas.find(({ id }) => id === rule.zoneId)?.points;
    return rule.zoneId === null || (points ? isInside(points, position) : false);
  });
}
