/** Counted over the life of a tap, all its connections together. */
export type StreamStats = {
  packets: number;
  /** Of all RTP packets, wanted or not. */
  receivedBytes: number;
  /** Missing by their sequence numbers. */
  lost: number;
  /** Arrived out of order and put back in their place. */
  reordered: number;
  /** Arrived twice, or after their place was given up. */
  late: number;
  /** Packets, payloads or parameter sets that break their format. */
  malformed: number;
  /** Access units left out because a part of them, or the key frame before them, was missing. */
  damaged: number;
  /** Access units passed over unread because nobody wants them. */
  skipped: number;
  accessUnits: number;
  keyFrames: number;
  /** Of access units given on. */
  bytes: number;
};

export const newStreamStats = (): StreamStats => ({
  packets: 0,
  receivedBytes: 0,
  lost: 0,
  reordered: 0,
  late: 0,
  malformed: 0,
  damaged: 0,
  skipped: 0,
  accessUnits: 0,
  keyFrames: 0,
  bytes: 0,
});
