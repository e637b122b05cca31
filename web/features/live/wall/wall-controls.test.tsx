import { expect, test } from "vitest";
import en from "../../../locales/en.json" with { type: "json" };
import { rendered } from "../../../locales/rendered.memory.tsx";
import { WallControls } from "./WallControls.tsx";

const nothing = () => {};
const wall = {
  pager: { kind: "page", now: 1, all: 2, turn: nothing, goTo: nothing },
  layout: "auto",
  onLayout: nothing,
  rotateS: 20,
  onRotateS: nothing,
  hasDarkScreen: false,
  onLeave: nothing,
} as const;

test("a wall offers a way out, and a rhythm that came from its address", () => {
  const html = rendered(<WallControls {...wall} rotateS={25} />);
  expect(html).toContain(en.wall.exit);
  expect(html).toMatch(/<option value="25" selected="">every 25 s/);
});

test("a wall of one page has nothing to turn", () => {
  const html = rendered(<WallControls {...wall} pager={null} />);
  expect(html).not.toContain("<select");
});

test("where nothing keeps the screen on, the wall says so", () => {
  expect(rendered(<WallControls {...wall} hasDarkScreen />)).toContain(en.wall.noWakeLock);
  expect(rendered(<WallControls {...wall} />)).not.toContain(en.wall.noWakeLock);
});
