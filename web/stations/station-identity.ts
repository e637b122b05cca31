import { z } from "zod";
import { StationName } from "#contract/stations.ts";

type IdentityDeps = {
  read(key: string): string | null;
  write(key: string, text: string): void;
  newId(): string;
};

const KEY = "guarita.station-id";

/** This browser's name among the stations, for ever: made at the first visit and kept. */
export function stationIdOf({ read, write, newId }: IdentityDeps): string {
  const kept = z.uuid().safeParse(read(KEY));
  if (kept.success) return kept.data;
  const id = newId();
  write(KEY, id);
  return id;
}

/** First that fits: many browsers also call themselves by the name of another. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPad\b/, "iPad"],
  [/\biPhone\b/, "iPhone"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];

/** What a person knows a device by until they name it: "Chrome, Windows". */
export function proposedName(userAgent: string): string {
  const nameOf = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const words = [nameOf(BROWSERS), nameOf(SYSTEMS)].filter((word) => word !== undefined);
  return StationName.catch("Guarita").parse(words.join(", "));
}
