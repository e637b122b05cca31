import { expect, test } from "vitest";
import type { OpeningHours, Shop } from "#contract/zones.ts";
import { isOpen } from "./opening-hours.ts";

const shop = (...hours: OpeningHours[]): Shop => ({ version: 1, timeZone: "America/Sao_Paulo", hours });
const WEEKDAYS = { days: [1, 2, 3, 4, 5], from: "09:00", until: "18:00" };
/** 2026-03-02 is a Monday; São Paulo is three hours behind UTC. */
const at = (utc: string): number => Date.parse(`2026-03-${utc}:00Z`);

test("hours are those of the shop's own clock", () => {
  expect(isOpen(shop(WEEKDAYS), at("02T11:59"))).toBe(false);
  expect(isOpen(shop(WEEKDAYS), at("02T12:00"))).toBe(true);
  expect(isOpen(shop(WEEKDAYS), at("02T20:59"))).toBe(true);
  expect(isOpen(shop(WEEKDAYS), at("02T21:00"))).toBe(false);
});

test("a day that is not named is closed, also where UTC is a day ahead already", () => {
  expect(isOpen(shop(WEEKDAYS), at("07T15:00"))).toBe(false);
  const late = { days: [7], from: "20:00", until: "23:00" };
  // Monday in UTC, still Sunday at the shop
  expect(isOpen(shop(late), at("02T01:30"))).toBe(true);
});

test("hours past midnight belong to the day they began on", () => {
  const night = shop({ days: [6], from: "22:00", until: "02:00" });
  expect(isOpen(night, at("08T02:00"))).toBe(true); // Saturday 23:00
  expect(isOpen(night, at("08T04:30"))).toBe(true); // Sunday 01:30
  expect(isOpen(night, at("08T05:00"))).toBe(false);
  expect(isOpen(night, at("07T04:30"))).toBe(false); // Saturday 01:30: Friday is not named
});

test("from a time until the same time is a whole day; without hours, or a shop, it is always open", () => {
  const always = shop({ days: [1], from: "08:00", until: "08:00" });
  expect(isOpen(always, at("03T10:30"))).toBe(true); // Tuesday 07:30
  expect(isOpen(always, at("03T11:00"))).toBe(false);
  expect(isOpen(shop(), at("02T03:00"))).toBe(true);
  expect(isOpen(null, at("02T03:00"))).toBe(true);
});

test("a change to summer time moves the hours with it", () => {
  const lisbon: Shop = { ...shop({ ...WEEKDAYS, days: [1, 2, 3, 4, 5, 6, 7] }), timeZone: "Europe/Lisbon" };
  expect(isOpen(lisbon, at("28T08:30"))).toBe(false); // UTC+0
  expect(isOpen(lisbon, at("29T08:30"))).toBe(true); // UTC+1 since that night
});
