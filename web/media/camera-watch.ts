import type { CameraState, StreamFormat } from "#contract/cameras.ts";
import type { TapClock, TapLink, TapNotice, TapRequest } from "#contract/taps.ts";

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
  port.onmessage = ({ data }: MessageEvent<TapNotice | TapLink | TapClock | ArrayBuffer>) => {
    if (data instanceof ArrayBuffer) return;
    if (data.type === "link") events.onLink(data.connected);
    else if (data.type === "state") events.onCamera(data.state);
    else if (data.type === "format") events.onFormat(data.format);
    else if (data.type === "clock") events.onClock(data.offsetMs);
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
