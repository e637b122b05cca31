export type PictureSize = { widthPx: number; heightPx: number };

export type TransportFailure = {
  /**
   * `network`: the gateway did not answer. `unavailable`: the media server is not ready yet. `broken`: it was refused,
   * broke, gives no pictures, or only old ones. `unsupported`: this browser cannot decode it.
   */
  kind: "network" | "unavailable" | "broken" | "unsupported";
  /** For a technician. */
  detail: string;
};

/** How a session goes, over its newest second; null where the browser does not tell. Instants: this device's clock. */
export type SessionStats = {
  /** Decoded pictures a second. */
  fps: number | null;
  bitrateKbps: number | null;
  /** From the picture's arrival at the gateway to the screen, by the gateway's clock. */
  latencyMs: number | null;
  /** Since the session began, as `framesDropped`. */
  framesDecoded: number;
  framesDropped: number;
  /** The browser's own name for what decodes: "FFmpeg", "hardware". */
  decoder: string | null;
  /** When bytes came last; 0 before the first. */
  bytesAtMs: number;
  /** Since when every decoded picture is the same one, pixel by pixel; null while they differ or none is there. */
  alikeSinceMs: number | null;
};
