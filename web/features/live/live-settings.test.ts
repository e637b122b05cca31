import { expect, test } from "vitest";
import { createLiveSettings } from "./live-settings.ts";

/** One browser: every page opened in it sees what the others wrote. */
function aBrowser(kept: Record<string, string> = {}) {
  const pages: ((key: string | null) => void)[] = [];
  let isBroken = false;
  return {
    kept,
    breakStorage: () => {
      isBroken = true;
    },
    open() {
      let own: ((key: string | null) => void) | undefined;
      return createLiveSettings({
        storage: () => {
          if (isBroken) throw new Error("storage is switched off");
          return {
            getItem: (key) => kept[key] ?? null,
            setItem: (key, text) => {
              kept[key] = text;
              for (const page of pages) if (page !== own) page(key);
            },
          };
        },
        onStorage: (listener) => {
          own = listener;
          pages.push(listener);
        },
      });
    },
  };
}

test("a device that chose nothing shows all cameras with names, counts and boxes", () => {
  expect(aBrowser().open().get()).toEqual({
    layout: "auto",
    order: [],
    overlays: { boxes: true, zones: false, names: true, counts: true, stats: false },
    rotateS: 15,
  });
});

test("what was chosen is there again at the next visit", () => {
  const browser = aBrowser();
  browser.open().change({ layout: 4, order: ["b", "a"] });
  expect(browser.open().get()).toMatchObject({ layout: 4, order: ["b", "a"], rotateS: 15 });
});

test("one field that makes no sense falls back alone", () => {
  const kept = { layout: 9, order: ["a"], overlays: { boxes: false, names: "yes" }, rotateS: 0 };
  expect(
    aBrowser({ "guarita.live": JSON.stringify(kept) })
      .open()
      .get(),
  ).toEqual({
    layout: "auto",
    order: ["a"],
    overlays: { boxes: false, zones: false, names: true, counts: true, stats: false },
    rotateS: 15,
  });
  expect(aBrowser({ "guarita.live": "not json" }).open().get().layout).toBe("auto");
  expect(aBrowser({ "guarita.live": "[1]" }).open().get().layout).toBe("auto");
});

test("two tabs do not undo each other's choices", () => {
  const browser = aBrowser();
  const one = browser.open();
  const other = browser.open();
  one.change({ layout: 3 });
  other.change({ rotateS: 30 });
  expect(one.get()).toMatchObject({ layout: 3, rotateS: 30 });
  expect(browser.open().get()).toMatchObject({ layout: 3, rotateS: 30 });
});

test("without storage a choice holds as long as the page is open", () => {
  const browser = aBrowser();
  browser.breakStorage();
  const page = browser.open();
  page.change({ layout: 2 });
  page.change({ rotateS: 20 });
  expect(page.get()).toMatchObject({ layout: 2, rotateS: 20 });
});

test("settings stay the same object until they change, and listeners hear of it", () => {
  const page = aBrowser().open();
  let heard = 0;
  page.subscribe(() => (heard += 1));
  expect(page.get()).toBe(page.get());
  page.change({ layout: 5 });
  expect(heard).toBe(1);
});
