import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { createSecretBox } from "../kernel/secret-box.ts";
import { memoryCameras } from "./cameras.memory.ts";
import { aStoredCamera, testCameraStore } from "./cameras.port-tests.ts";
import { sqliteCameras } from "./cameras.sqlite.ts";

const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function aDatabase(): Promise<OpenDatabase> {
  const database = await openDatabase(":memory:");
  opened.push(database);
  return database;
}
const aBox = () => createSecretBox(randomBytes(32));

testCameraStore("cameras in SQLite", async () => sqliteCameras({ ...(await aDatabase()), box: aBox() }));
testCameraStore("cameras in memory", async () => memoryCameras());

test("neither address nor password stands in the database in clear", async () => {
  const database = await aDatabase();
  await sqliteCameras({ ...database, box: aBox() }).insert(aStoredCamera());
  const bytes = database.raw.serialize().toString("latin1");
  expect(bytes).toContain("Entrada");
  expect(bytes).not.toContain("s%40cret");
  expect(bytes).not.toContain("10.0.0.9");
});

test("a foreign key opens no address and says so", async () => {
  const { db } = await aDatabase();
  await sqliteCameras({ db, box: aBox() }).insert(aStoredCamera());
  await expect(sqliteCameras({ db, box: aBox() }).all()).rejects.toThrow("secret.key does not open");
});
