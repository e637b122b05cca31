import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { proposedName, stationIdOf } from "./station-identity.ts";

test("a browser keeps its id, and has another one made for what is none", () => {
  const texts = new Map<string, string>();
  const store = {
    read: (key: string) => texts.get(key) ?? null,
    write: (key: string, text: string) => void texts.set(key, text),
    newId: anId,
  };
  const id = stationIdOf(store);
  expect(stationIdOf(store)).toBe(id);
  for (const key of texts.keys()) texts.set(key, "not an id");
  const next = stationIdOf(store);
  expect(next).not.toBe(id);
  expect(stationIdOf(store)).toBe(next);
});

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Chrome, Windows",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "Edge, Windows",
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Chrome, Android",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    "Safari, iPhone",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"],
  ["something new", "Guarita"],
])("%s is called by browser and system", (userAgent, name) => {
  expect(proposedName(userAgent)).toBe(name);
});
