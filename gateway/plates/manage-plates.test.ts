import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { PlateInput } from "#contract/plates.ts";
import { createBus } from "../kernel/bus.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createManagePlates, MAX_PLATES } from "./manage-plates.ts";
import { memoryPlates } from "./plates.memory.ts";
import { aKnownPlate } from "./plates.port-tests.ts";

function someLists() {
  const store = memoryPlates();
  const bus = createBus(silentLogger());
  let told = 0;
  bus.on("plates.changed", () => {
    told += 1;
  });
  return { store, plates: createManagePlates({ store, bus, newId: anId }), told: () => told };
}
const input = (plate: string) => PlateInput.parse({ plate, list: "allowed" });

test("a plate is entered as people write it, and told of", async () => {
  const { plates, told } = someLists();
  const plate = await plates.add(input("abc-1d23"));
  expect(plate).toMatchObject({ plate: "ABC1D23", list: "allowed", note: "", validFrom: null });
  expect(await plates.list()).toEqual([plate]);
  expect(told()).toBe(1);
});

test("a plate stands there once, also when two people enter it at the same moment", async () => {
  const { plates } = someLists();
  const both = await Promise.allSettled([plates.add(input("ABC1D23")), plates.add(input("ABC 1D23"))]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  const other = await plates.add(input("XYZ1234"));
  await expect(plates.replace(other.id, input("ABC1D23"))).rejects.toMatchObject({ code: "conflict" });
  expect(await plates.replace(other.id, input("XYZ1235"))).toMatchObject({ plate: "XYZ1235" });
});

test("what is not there cannot be replaced or removed", async () => {
  const { plates, told } = someLists();
  await expect(plates.replace(anId(), input("ABC1D23"))).rejects.toMatchObject({ code: "not_found" });
  await expect(plates.remove(anId())).rejects.toMatchObject({ code: "not_found" });
  expect(told()).toBe(0);
});

test("a file adds, changes and leaves as it is, and is told of once", async () => {
  const { plates, told, store } = someLists();
  await store.put([
    aKnownPlate({ plate: "AAA1111", note: "old", validFrom: null }),
    aKnownPlate({ plate: "BBB1111", note: "same", validFrom: null }),
    aKnownPlate({ plate: "DDD1111", validFrom: null }),
  ]);
  const file = "plate,list,note\nAAA1111,watched,new\nBBB1111,allowed,same\nCCC1111,,\nnonsense,,";
  expect(await plates.import(file, "allowed")).toEqual({
    added: 1,
    changed: 1,
    unchanged: 1,
    problems: [{ line: 5, problem: "bad_plate", text: "nonsense" }],
  });
  expect((await plates.list()).map(({ plate, list, note }) => [plate, list, note].join(" ").trim())).toEqual([
    "AAA1111 watched new",
    "BBB1111 allowed same",
    "CCC1111 allowed",
    "DDD1111 allowed Moradora do 12 ação",
  ]);
  expect(told()).toBe(1);
});

test("full lists take no more in, and a file says which lines were left out", async () => {
  const { plates, store } = someLists();
  const plateOf = (index: number) => `AAA${String(index).padStart(4, "0")}`;
  await store.put(
    Array.from({ length: MAX_PLATES - 1 }, (_, index) => aKnownPlate({ plate: plateOf(index) })),
  );
  expect(await plates.import("ZZZ0001\nZZZ0002", "watched")).toMatchObject({
    added: 1,
    problems: [{ line: 2, problem: "too_many", text: "ZZZ0002" }],
  });
  await expect(plates.add(input("ZZZ0003"))).rejects.toMatchObject({ code: "conflict" });
});
