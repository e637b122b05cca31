import type { TapClock, TapLink, TapNotice } from "#contract/taps.ts";

/** The gateway's clock, read from this page. */
export type PageClock = {
  /** Null until the hub has read it once. */
  gatewayNowMs(): number | null;
};

/** Reads it from a port of the tap hub, which is then in use for as long as the page. */
export function createPageClock(port: MessagePort): PageClock {
  let offsetMs: number | null = null;
  port.onmessage = ({ data }: MessageEvent<TapNotice | TapLink | TapClock>) => {
    if (data.type === "clock") offsetMs = data.offsetMs;
  };
  return { gatewayNowMs: () => (offsetMs === null ? null : Date.now() + offsetMs) };
}
