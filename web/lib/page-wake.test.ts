import { afterEach, expect, test, vi } from "vitest";
import { onPageHide, onPageWake } from "./page-wake.ts";

afterEach(() => vi.unstubAllGlobals());

/** A page whose document is `visibilityState`, counting what it is told. */
function aPage() {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const window = new EventTarget();
  vi.stubGlobal("document", document);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
  function turn(visibilityState: string) {
    document.visibilityState = visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
  }
  const tell = (type: string, extra = {}) => window.dispatchEvent(Object.assign(new Event(type), extra));
  return { turn, tell };
}

test("a page wakes when the network is back, when it is seen again, and when it leaves the page cache", () => {
  const { turn, tell } = aPage();
  const wake = vi.fn();
  const end = onPageWake(() => wake());
  tell("online");
  turn("hidden");
  turn("visible");
  tell("pageshow", { persisted: false });
  tell("pageshow", { persisted: true });
  expect(wake).toHaveBeenCalledTimes(3);
  end();
  tell("online");
  turn("visible");
  expect(wake).toHaveBeenCalledTimes(3);
});

test("a page hides when it goes out of sight", () => {
  const { turn } = aPage();
  const hide = vi.fn();
  const end = onPageHide(() => hide());
  turn("hidden");
  turn("visible");
  expect(hide).toHaveBeenCalledTimes(1);
  end();
  turn("hidden");
  expect(hide).toHaveBeenCalledTimes(1);
});

test("without a window nothing is heard and nothing fails", () => {
  const end = onPageWake(() => {
    throw new Error("called");
  });
  expect(end).not.toThrow();
});
