export type PictureSize = { widthPx: number; heightPx: number };

export type TransportFailure = {
  /**
   * `network`: the gateway did not answer. `unavailable`: the media server is not ready yet. `broken`: it was refused,
   * broke, or gives no pictures. `unsupported`: this browser cannot decode it.
   */
  kind: "network" | "unavailable" | "broken" | "unsupported";
  /** For a technician. */
  detail: string;
};

/** Never called before the session was handed back. */
export type TransportEvents = {
  /** At once on the first new picture, then at least once a second while new ones arrive. */
  onPicture(size: PictureSize): void;
  /** At most once. The session has then let go of the network; its last picture stays until `stop`. */
  onFailed(failure: TransportFailure): void;
};

/** One try of one transport: it never tries again by itself. Invisible until `show`. */
export type TransportSession = {
  show(): void;
  /** Lets go of the network; the last picture stays. */
  release(): void;
  /** Lets go of everything and takes the picture away. */
  stop(): void;
};
