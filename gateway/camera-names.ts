import { z } from "zod";
import type { Camera } from "#contract/cameras.ts";
import type { Bus } from "./kernel/bus.ts";
import type { Database } from "./kernel/database.ts";
import { messageOf } from "./kernel/errors.ts";
import type { Logger } from "./kernel/logger.ts";

export type CameraNamesDeps = {
  /** The database that gateways share. */
  db: Database;
  gatewayId: string;
  cameras: () => Camera[];
  bus: Pick<Bus, "on">;
  steadyMs: () => number;
  log: Logger;
};

/** Names by id of a gateway's cameras. */
const Names = z.record(z.string(), z.string());

const PREFIX = "camera_names/";
/** A camera of another gateway that was renamed or removed is still called so for as long. */
const FRESH_MS = 5_000;
const RETRY_MS = 5_000;

/**
 * What the cameras of every gateway are called. Any gateway may send the events of any camera, and some receivers want
 * to know its name, or whether it is still there; but each gateway has cameras of its own. So each writes down its
 * names where the others find them.
 */
export function createCameraNames(deps: CameraNamesDeps) {
  const { db, gatewayId, cameras, bus, steadyMs, log } = deps;
  let known = new Map<string, string>();
  let knownAtMs = Number.NEGATIVE_INFINITY;
  let retry: NodeJS.Timeout | undefined;
  let lastTold: Promise<void> = Promise.resolve();
  const ends: (() => void)[] = [];

  async function look(): Promise<void> {
    const atMs = steadyMs();
    const rows = await db
      .selectFrom("settings")
      .select("value")
      .where("name", "like", `${PREFIX}%`)
      .execute();
    known = new Map(rows.flatMap(({ value }) => Object.entries(Names.parse(JSON.parse(value)))));
    knownAtMs = atMs;
  }

  async function tellNow(): Promise<void> {
    const value = JSON.stringify(Object.fromEntries(cameras().map(({ id, name }) => [id, name])));
    await db
      .insertInto("settings")
      .values({ name: PREFIX + gatewayId, value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
  }

  /** One after the other, so that the newest list is the last that is written. */
  function tell(): void {
    clearTimeout(retry);
    lastTold = lastTold.then(tellNow).catch((error) => {
      log.warn({ reason: messageOf(error) }, "other gateways could not be told the names of cameras now");
      if (ends.length > 0) retry = setTimeout(tell, RETRY_MS);
    });
  }

  return {
    /** Null of a camera that no gateway has. Rejects while the database is away. */
    async nameOf(cameraId: string): Promise<string | null> {
      const own = cameras().find(({ id }) => id === cameraId);
      if (own) return own.name;
      if (!known.has(cameraId) || steadyMs() - knownAtMs > FRESH_MS) await look();
      return known.get(cameraId) ?? null;
    },
    /** Once the list of cameras is whole. */
    async start(): Promise<void> {
      ends.push(bus.on("camera.changed", tell), bus.on("camera.removed", tell));
      tell();
      await lastTold;
    },
    async stop(): Promise<void> {
      for (const end of ends.splice(0)) end();
      clearTimeout(retry);
      await lastTold;
    },
  };
}
export type CameraNames = ReturnType<typeof createCameraNames>;
