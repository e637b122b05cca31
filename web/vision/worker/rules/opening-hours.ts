import type { OpeningHours, Shop } from "#contract/zones.ts";

/** Day of the week (1 Monday to 7 Sunday) and minute of the day at the shop. */
type LocalTime = { day: number; minute: number };

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MINUTES = 1_440;

/** Making a formatter costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether the shop is open; one that names no hours always is. */
export function isOpen(shop: Shop | null, atMs: number): boolean {
  if (!shop || shop.hours.length === 0) return true;
  const now = localTime(shop.timeZone, atMs);
  return shop.hours.some((hours) => isWithin(hours, now));
}

/** From equals until: the whole day. */
function isWithin({ days, from, until }: OpeningHours, { day, minute }: LocalTime): boolean {
  const opensAt = minuteOf(from);
  const closesAt = minuteOf(until);
  const lasts = closesAt > opensAt ? closesAt - opensAt : closesAt - opensAt + DAY_MINUTES;
  const dayBefore = day === 1 ? 7 : day - 1;
  const opensToday = days.includes(day) && minute >= opensAt && minute < opensAt + lasts;
  const openedYesterday = days.includes(dayBefore) && minute + DAY_MINUTES < opensAt + lasts;
  return opensToday || openedYesterday;
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function localTime(timeZone: string, atMs: number): LocalTime {
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: DAYS.indexOf(parts.get("weekday") ?? "Mon") + 1,
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}

/** A time zone this browser does not know counts as the one it stands in: it is in the shop. */
function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const options = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = tryFormatter(timeZone, options) ?? new Intl.DateTimeFormat("en-US", options);
  formatters.set(timeZone, made);
  return made;
}

function tryFormatter(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  } catch {
    return null;
  }
}
