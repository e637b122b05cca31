import type { PictureSize, SessionStats, TransportFailure } from "./session-facts.ts";

// apart from what follows, which knows elements: workers use these too
export type { PictureSize, SessionStats, TransportFailure };

/** Never called before the session was handed back. */
export type TransportEvents = {
  /** At once on the first new picture, then at least once a second while new ones arrive. */
  onPicture(size: PictureSize): void;
  /** An old picture, to stand there until the first new one: by itself it is no sign of life. */
  onStill(): void;
  /** About once a second from the start on, also while nothing comes. */
  onStats(stats: SessionStats): void;
  /** At most once. The session has then let go of the network; its last picture stays until `stop`. */
  onFailed(failure: TransportFailure): void;
};

/** One try of one transport: it never tries again by itself. Invisible until `show`. */
export type TransportSession = {
  show(): void;
  /** What carries the picture, for a snapshot, for zooming, and (a video) for picture in picture. */
  picture(): HTMLVideoElement | HTMLCanvasElement;
  /** Lets go of the network; the last picture stays. */
  release(): void;
  /** Lets go of everything and takes the picture away. */
  stop(): void;
};
