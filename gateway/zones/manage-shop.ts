import { isDeepStrictEqual } from "node:util";
import { isTimeZone } from "#contract/scene-faults.ts";
import type { Shop } from "#contract/zones.ts";
import type { Bus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { ZoneStore } from "./manage-zones.ts";

/** Where most shops that run this stand. */
const USUAL_TIME_ZONE = "America/Sao_Paulo";
/** What a machine says that nobody told where it stands. */
const NOWHERE = ["UTC", "Etc/UTC", "Etc/Unknown"];

type ManageShopDeps = {
  store: Pick<ZoneStore, "shop" | "putShop">;
  bus: Bus;
  /** The time zone of this machine, if it has one. */
  machineTimeZone: string | undefined;
};

/** Time zone and opening hours. Until somebody sets them: always open, in the time zone of this machine. */
export async function createManageShop({ store, bus, machineTimeZone }: ManageShopDeps) {
  let shop = (await store.shop()) ?? { version: 0, timeZone: firstTimeZone(machineTimeZone), hours: [] };
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function changeNow(change: Shop): Promise<Shop> {
    const after = { ...change, version: shop.version + 1 };
    if (isDeepStrictEqual({ ...after, version: shop.version }, shop)) return shop;
    if (change.version !== shop.version) {
      const message = "The shop's time zone or hours were changed meanwhile.";
      throw new GatewayError("conflict", message, { present: shop });
    }
    if (!isTimeZone(change.timeZone))
      throw new GatewayError("invalid_body", `timeZone: there is no time zone "${change.timeZone}".`);
    await store.putShop(after);
    shop = after;
    bus.emit("shop.changed", { shop });
    return shop;
  }

  return {
    get: (): Shop => shop,
    change(change: Shop): Promise<Shop> {
      const turn = lastWrite.then(() => changeNow(change));
      lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
      return turn;
    },
  };
}
export type ManageShop = Awaited<ReturnType<typeof createManageShop>>;

function firstTimeZone(ofMachine: string | undefined): string {
  const isKnown = ofMachine !== undefined && !NOWHERE.includes(ofMachine) && isTimeZone(ofMachine);
  return isKnown ? ofMachine : USUAL_TIME_ZONE;
}
