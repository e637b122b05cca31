import { expect, test } from "vitest";
import { checkShopForm, dayName, shopFormOf, timeZones, USUAL_HOURS } from "./shop-form.ts";

const SHOP = { version: 4, timeZone: "America/Sao_Paulo", hours: [USUAL_HOURS] };

test("a shop goes through the form unchanged", () => {
  expect(checkShopForm(shopFormOf(SHOP), 4)).toEqual({ status: "ok", shop: SHOP });
  const open = { ...SHOP, hours: [] };
  expect(checkShopForm(shopFormOf(open), 4)).toEqual({ status: "ok", shop: open });
});

test("an always open shop sends no hours, whatever was typed before", () => {
  const values = { ...shopFormOf(SHOP), isAlwaysOpen: true };
  expect(checkShopForm(values, 4)).toMatchObject({ status: "ok", shop: { hours: [] } });
});

test("every wrong field is named where it stands", () => {
  const hours = [USUAL_HOURS, { days: [], from: "", until: "18:00" }];
  expect(checkShopForm({ timeZone: "Brasil", isAlwaysOpen: false, hours }, 4)).toEqual({
    status: "wrong",
    problems: { timeZone: "timeZone", "hours.1.days": "days", "hours.1.from": "time" },
  });
});

test("the days of a span are sent in their order", () => {
  const hours = [{ ...USUAL_HOURS, days: [7, 1, 3] }];
  expect(checkShopForm({ ...shopFormOf(SHOP), hours }, 4)).toMatchObject({
    shop: { hours: [{ days: [1, 3, 7] }] },
  });
});

test("day 1 is Monday in both languages", () => {
  expect([dayName(1, "en", "long"), dayName(7, "en", "long")]).toEqual(["Monday", "Sunday"]);
  expect(dayName(1, "pt-BR", "long")).toBe("segunda-feira");
});

test("the present time zone can be chosen, also one that this browser does not list", () => {
  expect(timeZones("Etc/GMT+3").filter((name) => /GMT\+3|Sao_Paulo/.test(name))).toEqual([
    "America/Sao_Paulo",
    "Etc/GMT+3",
  ]);
});
