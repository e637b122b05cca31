import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { aCamera, aZone, someZones } from "#contract/examples.ts";
import { queryKeys } from "../hooks/query-keys.ts";
import { keepLastKnown, restoreLastKnown } from "./last-known.ts";
import { openTextStore } from "./text-store.ts";

function aStore() {
  const texts = new Map<string, string>();
  const store = openTextStore(() => ({
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
  }));
  return { store, texts };
}

/** What a visit leaves behind. */
function visit(store: ReturnType<typeof openTextStore>, cameras: object[]) {
  const queries = new QueryClient();
  const leave = keepLastKnown(queries, store);
  queries.setQueryData(queryKeys.cameras, cameras);
  leave();
}

test("the next visit knows the cameras, but not how they did, and asks again at once", () => {
  const { store } = aStore();
  const camera = aCamera({ state: { status: "connecting", sinceAtMs: 5 } });
  visit(store, [camera]);
  const queries = new QueryClient();
  restoreLastKnown(queries, store);
  expect(queries.getQueryData(queryKeys.cameras)).toEqual([{ ...camera, state: { status: "unknown" } }]);
  expect(queries.getQueryState(queryKeys.cameras)?.dataUpdatedAt).toBe(0);
});

test("the next visit knows zones and shop: the station works with them while the gateway is away", () => {
  const { store } = aStore();
  const zones = [someZones({ version: 4, zones: [aZone()] })];
  const shop = { version: 1, timeZone: "America/Belem", hours: [] };
  const first = new QueryClient();
  const leave = keepLastKnown(first, store);
  first.setQueryData(queryKeys.zones, zones);
  first.setQueryData(queryKeys.shop, shop);
  leave();
  const queries = new QueryClient();
  restoreLastKnown(queries, store);
  expect(queries.getQueryData(queryKeys.zones)).toEqual(zones);
  expect(queries.getQueryData(queryKeys.shop)).toEqual(shop);
});

test("what an older version kept in another form, or broke, is left out", () => {
  const { store, texts } = aStore();
  visit(store, [{ id: "1", title: "old form" }]);
  texts.set("guarita.last-known.health", "{");
  const queries = new QueryClient();
  restoreLastKnown(queries, store);
  expect(queries.getQueryData(queryKeys.cameras)).toBe(undefined);
  expect(queries.getQueryData(queryKeys.health)).toBe(undefined);
});

test("a browser without storage only forgets", () => {
  const store = openTextStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  visit(store, [aCamera()]);
  const queries = new QueryClient();
  restoreLastKnown(queries, store);
  expect(queries.getQueryData(queryKeys.cameras)).toBe(undefined);
});
