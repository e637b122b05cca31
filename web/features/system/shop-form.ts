import { isTimeZone } from "#contract/scene-faults.ts";
import { Shop } from "#contract/zones.ts";

export type HoursValues = Shop["hours"][number];
export type ShopFormValues = { timeZone: string; isAlwaysOpen: boolean; hours: HoursValues[] };

/** What many shops of a city have; a beginning for the others. */
export const USUAL_HOURS: HoursValues = { days: [1, 2, 3, 4, 5, 6], from: "08:00", until: "18:00" };
export const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export const MOST_HOURS = 14;

export const shopFormOf = ({ timeZone, hours }: Shop): ShopFormValues => ({
  timeZone,
  isAlwaysOpen: hours.length === 0,
  hours,
});

/** What is wrong, as the last part of a text's key; by the field's path. */
export type ShopProblems = Record<string, "timeZone" | "days" | "time">;
export type CheckedShop = { status: "ok"; shop: Shop } | { status: "wrong"; problems: ShopProblems };

/** `version` is the one that is changed. */
export function checkShopForm(values: ShopFormValues, version: number): CheckedShop {
  const hours = values.isAlwaysOpen
    ? []
    : values.hours.map((span) => ({ ...span, days: span.days.toSorted() }));
  const parsed = Shop.safeParse({ version, timeZone: values.timeZone, hours });
  const problems: ShopProblems = {};
  if (!isTimeZone(values.timeZone)) problems.timeZone = "timeZone";
  for (const { path } of parsed.error?.issues ?? []) {
    const isDays = path.includes("days");
    problems[path.slice(0, 3).join(".")] = path[0] === "timeZone" ? "timeZone" : isDays ? "days" : "time";
  }
  if (parsed.success && Object.keys(problems).length === 0) return { status: "ok", shop: parsed.data };
  return { status: "wrong", problems };
}

/** Every name that this browser knows, and the one that is set. */
export function timeZones(present: string): string[] {
  return [...new Set([present, ...Intl.supportedValuesOf("timeZone")])].sort();
}

/** "Monday", in the language; 1 is Monday. 1 January 2024 was one. */
export function dayName(day: number, language: string, weekday: "long" | "short"): string {
  return new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" }).format(Date.UTC(2024, 0, day));
}
