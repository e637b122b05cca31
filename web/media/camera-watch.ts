import type { CameraState, StreamFormat } from "#contract/cameras.ts";
import { type TapClock, type TapLink, TapNotice, type TapRequest } from "#contract/taps.ts";

export type WatchEvents = {
  /** Whether the page reaches the gateway. */
  onLink(connected: boolean): void;
  onCamera(state: CameraState): void;
  onFormat(format: StreamFormat): void;
  /** How far the gateway's clock is ahead of this device's. */
  onClock(aheadMs: number): void;
};

/**
 * Has the gateway look after a camera and tell how it is, without sending pictures: a video element only knows that
 * nothing comes. Watches the sub stream, which a station reads anyway.
 */
export function watchCamera(port: MessagePort, cameraId: string, events: WatchEvents): () => void {
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isFromHub(data)) {
      if (data.type === "link") events.onLink(data.connected);
      else events.onClock(data.offsetMs);
      return;
    }
    const notice = TapNotice.safeParse(data).data; // the hub passes on what it has not checked
    if (notice?.type === "state") events.onCamera(notice.state);
    else if (notice?.type === "format") events.onFormat(notice.format);
  };
  port.postMessage({
    type: "subscribe",
    id: 1,
    cameraId,
    stream: "sub",
    frames: "none",
  } satisfies TapRequest);
  return () => {
    port.onmessage = null;
    port.postMessage({ type: "close" });
  };
}

/** What the hub says of itself. It is part of this page, and what it passes on carries the `id` of a subscription. */
function isFromHub(data: unknown): data is TapLink | TapClock {
  if (typeof data !== "object" || data === null || "id" in data || !("type" in data)) return false;
  return data.type === "link" || data.type === "clock";
}
