import { afterEach, expect, test } from "vitest";
import { someZones } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { memoryZones } from "./zones.memory.ts";
import { testZoneStore } from "./zones.port-tests.ts";
import { sqliteZones } from "./zones.sqlite.ts";

const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function aDatabase(): Promise<OpenDatabase> {
  const database = await openDatabase(":memory:");
  opened.push(database);
  return database;
}

testZoneStore("zones in SQLite", async () => sqliteZones(await aDatabase()));
testZoneStore("zones in memory", async () => memoryZones());

test("a stored scene of another form is not taken for one, and the error names the camera", async () => {
  const database = await aDatabase();
  const zones = someZones({ version: 1 });
  await sqliteZones(database).put(zones);
  database.raw.exec(`update camera_zones set scene = '{"zones":7}'`);
  await expect(sqliteZones(database).all()).rejects.toThrow(zones.cameraId);
});
