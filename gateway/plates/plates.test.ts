import { afterEach } from "vitest";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { memoryPlates } from "./plates.memory.ts";
import { testPlateStore } from "./plates.port-tests.ts";
import { sqlitePlates } from "./plates.sqlite.ts";

const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

testPlateStore("plates in SQLite", async () => {
  const database = await openDatabase(":memory:");
  opened.push(database);
  return sqlitePlates(database);
});
testPlateStore("plates in memory", async () => memoryPlates());
