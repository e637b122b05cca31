import { expect, test } from "vitest";
import { evenPages, onPage, pageAt, stepped } from "./pages.ts";

test("the camera that was seen first stays in sight when the layout changes", () => {
  const nine = pageAt(9, 20, 9);
  expect(nine).toEqual({ page: 1, pages: 3 });
  expect(pageAt(9, 20, 4)).toEqual({ page: 2, pages: 5 });
  expect(pageAt(9, 20, 36)).toEqual({ page: 0, pages: 1 });
});

test("when the cameras of the last page are removed, the page before it is shown", () => {
  expect(pageAt(18, 18, 9)).toEqual({ page: 1, pages: 2 });
  expect(pageAt(18, 0, 9)).toEqual({ page: 0, pages: 1 });
});

test("every camera is on one page", () => {
  const cameras = Array.from({ length: 20 }, (_, i) => i);
  const { pages } = pageAt(0, 20, 9);
  const all = Array.from({ length: pages }, (_, page) => onPage(cameras, page, 9));
  expect(all.map((page) => page.length)).toEqual([9, 9, 2]);
  expect(all.flat()).toEqual(cameras);
});

test("after the last comes the first, and before the first the last", () => {
  expect([stepped(2, 1, 3), stepped(0, -1, 3), stepped(1, 1, 3), stepped(0, 1, 0)]).toEqual([0, 2, 2, 0]);
});

test("cameras spread evenly over no more pages than needed", () => {
  expect([evenPages(40, 36), evenPages(36, 36), evenPages(5, 36), evenPages(0, 36), evenPages(7, 0)]).toEqual(
    [20, 36, 5, 1, 1],
  );
});
