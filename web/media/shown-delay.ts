/** What browsers tell of a picture that came by WebRTC; the types of TypeScript lack the half of it. */
type ShownPicture = { presentationTime: number; expectedDisplayTime: number; receiveTime?: number };

/**
 * How long a picture takes from its arrival in this browser to the screen, measured on one picture for each `measure`.
 * Null until it is known, and where the browser does not tell.
 */
export function createShownDelay(video: HTMLVideoElement) {
  let delayMs: number | null = null;
  let waiting = 0;

  function onPicture(
    _now: number,
    { receiveTime, presentationTime, expectedDisplayTime }: ShownPicture,
  ): void {
    waiting = 0;
    delayMs =
      receiveTime === undefined ? null : Math.max(presentationTime, expectedDisplayTime) - receiveTime;
  }

  return {
    delayMs: () => delayMs,
    measure(): void {
      if (waiting || !("requestVideoFrameCallback" in video)) return;
      waiting = video.requestVideoFrameCallback(onPicture);
    },
    stop(): void {
      if (waiting) video.cancelVideoFrameCallback(waiting);
    },
  };
}
