import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPageWatch } from "./page-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const document = Object.assign(new EventTarget(), {
    visibilityState: "visible" as DocumentVisibilityState,
  });
  const window = new EventTarget();
  // an EventTarget is all that is used of the two
  const watch = createPageWatch({ document: document as unknown as Document, window: window as Window });
  const told: boolean[] = [];
  const unsubscribe = watch.subscribe(() => told.push(watch.isWatched()));
  function turn(visibilityState: DocumentVisibilityState): void {
    document.visibilityState = visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
  }
  return {
    watch,
    told,
    turn,
    unsubscribe,
    onDocument: (name: string) => document.dispatchEvent(new Event(name)),
    onWindow: (name: string) => window.dispatchEvent(new Event(name)),
  };
}

test("a page is unseen 3 s after it was hidden, and seen at once when it is back", () => {
  const { turn, told } = setUp();
  turn("hidden");
  vi.advanceTimersByTime(2_900);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(200);
  turn("visible");
  expect(told).toEqual([false, true]);
});

test("a glance at another tab changes nothing", () => {
  const { turn, told } = setUp();
  turn("hidden");
  vi.advanceTimersByTime(2_000);
  turn("visible");
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

test("a page that is frozen or put away is unseen at once, and seen again when it wakes in sight", () => {
  const { onDocument, onWindow, turn, told } = setUp();
  turn("hidden");
  onDocument("freeze");
  expect(told).toEqual([false]);
  turn("visible");
  onDocument("resume");
  expect(told).toEqual([false, true]);
  onWindow("pagehide");
  onWindow("pageshow");
  expect(told).toEqual([false, true, false, true]);
});

test("a page that wakes hidden stays unseen", () => {
  const { onDocument, turn, watch } = setUp();
  turn("hidden");
  onDocument("freeze");
  onDocument("resume");
  expect(watch.isWatched()).toBe(false);
});

test("nobody listens, nothing runs", () => {
  const { turn, told, unsubscribe } = setUp();
  unsubscribe();
  turn("hidden");
  expect(vi.getTimerCount()).toBe(0);
  expect(told).toEqual([]);
});
