import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import en from "../../../locales/en.json" with { type: "json" };
import { rendered } from "../../../locales/rendered.memory.tsx";
import { GridPager, type Pager } from "./GridPager.tsx";
import { GridButton, GridToolbar } from "./GridToolbar.tsx";
import { LayoutPicker } from "./LayoutPicker.tsx";

const nothing = () => {};
const pager = (fields: Partial<Pager> = {}): Pager => ({
  kind: "page",
  now: 1,
  all: 3,
  turn: nothing,
  goTo: nothing,
  ...fields,
});
const labels = (html: string) => [...html.matchAll(/aria-label="([^"]+)"/g)].map((match) => match[1]);

test("every layout has a name that says how many cameras it shows, and the chosen one is marked", () => {
  const html = rendered(<LayoutPicker layout={3} onChoose={nothing} />, "pt-BR");
  expect(labels(html)).toEqual([
    "Disposição da grade",
    "Automática: todas as câmeras",
    "1 câmera por página",
    "2 × 2: 4 câmeras por página",
    "3 × 3: 9 câmeras por página",
    "4 × 4: 16 câmeras por página",
    "5 × 5: 25 câmeras por página",
    "6 × 6: 36 câmeras por página",
  ]);
  expect(html.match(/<input[^>]*checked=""[^>]*>/g)?.join()).toContain("3 × 3");
});

test("a few pages are dots that can be pressed, and the one shown is told", () => {
  const html = rendered(<GridPager pager={pager()} hasDots />);
  expect(labels(html)).toEqual([
    "Pages",
    "Previous page",
    "Page 1 of 3",
    "Page 2 of 3",
    "Page 3 of 3",
    "Next page",
  ]);
  expect(html).toMatch(/aria-label="Page 2 of 3" aria-current="page"/);
});

test("many pages, and enlarged cameras, are told by number", () => {
  const many = rendered(<GridPager pager={pager({ all: 12 })} hasDots />);
  expect(many).toContain("2 / 12");
  expect(many).not.toContain("aria-current");
  const camera = rendered(<GridPager pager={pager({ kind: "camera", all: 36 })} hasDots={false} />, "pt-BR");
  expect(camera).toContain("Câmera 2 de 36");
  expect(labels(camera)).toEqual(["Páginas", "Câmera anterior", "Próxima câmera"]);
});

/** On a page of its own, since it links to another. */
const onPage = (element: ReactNode) => (
  <RouterProvider router={createMemoryRouter([{ path: "/", element }])} />
);
const tools = { layout: "auto", onLayout: nothing, pager: null, onArrange: nothing } as const;

test("every tool over the grid has a name", () => {
  const html = rendered(onPage(<GridToolbar {...tools} onHelp={nothing} />));
  for (const label of [
    en.live.overlays.label,
    en.layout.arrange,
    en.layout.full,
    en.layout.wall,
    en.layout.keys.title,
  ])
    expect(labels(html)).toContain(label);
  expect(html).toContain('href="/wall"');
  expect(html.match(/<(button|a)(?![^>]*aria-label)/g)).toBeNull();
});

test("on a phone one button stands for all tools", () => {
  const html = rendered(onPage(<GridButton {...tools} />));
  expect(html.match(/<button/g)).toHaveLength(1);
  expect(labels(html)).toContain(en.layout.options);
});
