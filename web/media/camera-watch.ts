import type { CameraState, StreamFormat } from "#contract/cameras.ts";
import { type TapClock, type TapLink, TapNotice, type TapRequest } from "#contract/taps.ts";

export type WatchEvents = {
  /** Whether the page reaches the gateway. */
  onLink(connected: boolean): void;
  onCamera(state: CameraState): void;
  onFormat(format: StreamFormat): void;
};

/**
 * Has the gateway look after a camera and tell how it is, without sending pictures: a video element only knows that
 * nothing comes. Watches the sub stream, which a station reads anyway.
 */
export function watchCamera(port: MessagePort, cameraId: string, events: WatchEvents): () => void {
  port.onmessage = ({ data }: MessageEvent<TapNotice | TapLink | TapClock>) => {
    if (data.type === "link") return events.onLink(data.connected);
    // the hub passes on what the gateway says as it came
    const notice = TapNotice.safeParse(data).data;
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
