import type { TapNotice } from "#contract/taps.ts";

type Pong = Extract<TapNotice, { type: "pong" }>;
/** A notice of one subscription, checked only as far as passing it on needs: its reader checks the rest. */
export type RoutedNotice = { type: string; id: number };

/** Without the schemas of taps.ts, which would make this worker three times as large. Null: nothing for anybody here. */
export function readNotice(text: string): Pong | RoutedNotice | null {
  const notice: unknown = JSON.parse(text);
  if (typeof notice !== "object" || notice === null || !("type" in notice)) return null;
  if (isPong(notice)) return notice;
  return isRouted(notice) ? notice : null;
}

export function isPong(notice: object): notice is Pong {
  const { type, sentAtMs, gatewayAtMs } = notice as Partial<Record<keyof Pong, unknown>>; // checked here
  return type === "pong" && typeof sentAtMs === "number" && typeof gatewayAtMs === "number";
}

function isRouted(notice: object): notice is RoutedNotice {
  const { type, id } = notice as Partial<Record<keyof RoutedNotice, unknown>>; // checked here
  return typeof type === "string" && typeof id === "number";
}
