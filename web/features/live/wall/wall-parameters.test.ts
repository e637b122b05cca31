import { expect, test } from "vitest";
import { wallParameters } from "./wall-parameters.ts";

test("a wall is told its layout, its first page and its rhythm", () => {
  expect(wallParameters("?layout=4&page=2&rotate=20")).toEqual({ layout: 4, page: 1, rotateS: 20 });
});

test("a wall that is told nothing looks as the device does", () => {
  expect(wallParameters("")).toEqual({ layout: null, page: 0, rotateS: null });
});

test("a wall that is told only its page stays there", () => {
  expect(wallParameters("?page=3")).toEqual({ layout: null, page: 2, rotateS: 0 });
});

test("what makes no sense counts as not said", () => {
  for (const search of ["?layout=9&page=0&rotate=-1", "?layout=x&page=&rotate=1.5", "?layout=&page=1e9x"])
    expect(wallParameters(search)).toEqual({ layout: null, page: 0, rotateS: null });
});

test("pages never change faster than a person can look, unless they do not change at all", () => {
  expect(wallParameters("?rotate=1").rotateS).toBe(5);
  expect(wallParameters("?rotate=99999").rotateS).toBe(600);
  expect(wallParameters("?rotate=0").rotateS).toBe(0);
});
