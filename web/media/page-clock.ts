import type { TapClock, TapLink, TapNotice } from "#contract/taps.ts";
import type { ConnectTap } from "./direct-player.ts";

/** The gateway's clock, read from this page. */
export type PageClock = {
  /** Null until the hub has read it once. */
  gatewayNowMs(): number | null;
};

const clocks = new WeakMap<ConnectTap, PageClock>();

/** One for all that share a tap hub, from the first on. */
export function pageClock(connectTap: ConnectTap): PageClock {
  const clock = clocks.get(connectTap) ?? readClock(connectTap());
  clocks.set(connectTap, clock);
  return clock;
}

function readClock(port: MessagePort): PageClock {
  let offsetMs: number | null = null;
  port.onmessage = ({ data }: MessageEvent<TapNotice | TapLink | TapClock>) => {
    if (data.type === "clock") offsetMs = data.offsetMs;
  };
  return { gatewayNowMs: () => (offsetMs === null ? null : Date.now() + offsetMs) };
}
