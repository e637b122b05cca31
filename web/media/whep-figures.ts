/** What is used of `RTCStatsReport`, whose type says less than browsers give. */
export type WhepReports = Iterable<Record<string, unknown>>;

/** Counters since the session began; times in ms, null where the browser does not tell. */
export type WhepCounters = {
  frames: number;
  dropped: number;
  keyFrames: number;
  bytes: number;
  decoder: string | null;
  /** Of all frames together, from their first packet to being decoded. */
  processingMs: number | null;
  /** There and back between browser and media server, at the last check of the connection. */
  roundTripMs: number | null;
  /** Of the last sender report: when it came, by this device's clock, less when it was sent, by the sender's. */
  reportDelayMs: number | null;
};

export function readReports(reports: WhepReports): WhepCounters | null {
  let inbound: Record<string, unknown> | undefined;
  let pair: Record<string, unknown> | undefined;
  let sender: Record<string, unknown> | undefined;
  for (const report of reports) {
    if (report.type === "inbound-rtp" && report.kind === "video") inbound = report;
    else if (report.type === "candidate-pair" && report.nominated === true) pair = report;
    else if (report.type === "remote-outbound-rtp" && report.kind === "video") sender = report;
  }
  if (!inbound) return null;
  const [came, sent] = [numberIn(sender, "timestamp"), numberIn(sender, "remoteTimestamp")];
  return {
    frames: numberIn(inbound, "framesDecoded") ?? 0,
    dropped: numberIn(inbound, "framesDropped") ?? 0,
    keyFrames: numberIn(inbound, "keyFramesDecoded") ?? 0,
    bytes: numberIn(inbound, "bytesReceived") ?? 0,
    decoder: typeof inbound.decoderImplementation === "string" ? inbound.decoderImplementation : null,
    processingMs: inMs(numberIn(inbound, "totalProcessingDelay")),
    roundTripMs: inMs(numberIn(pair, "currentRoundTripTime")),
    reportDelayMs: came === null || sent === null ? null : came - sent,
  };
}

function numberIn(report: Record<string, unknown> | undefined, name: string): number | null {
  const value = report?.[name];
  return typeof value === "number" ? value : null;
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}

/** The smallest of the newest 2.5 to 5 minutes; clocks drift apart by 15 ms in that time at most. */
const SPAN_MS = 150_000;

/**
 * How long a picture is under way. Chromium gives neither `estimatedPlayoutTimestamp` nor `captureTime` for MediaMTX's
 * streams, and MediaMTX's own clock of a stream lags by seconds a day where a camera's clock is slow. So: half of the
 * shortest round trip, and by how much the way has become slower since (a longer round trip, later sender reports).
 */
export function createWayDelay(nowMs: () => number) {
  const shortestTrip = createRecentMin(nowMs);
  const quickestReport = createRecentMin(nowMs);
  return function wayMs({ roundTripMs, reportDelayMs }: WhepCounters): number {
    const tripMs = roundTripMs === null ? 0 : shortestTrip(roundTripMs);
    const tripExcessMs = roundTripMs === null ? 0 : roundTripMs - tripMs;
    const reportExcessMs = reportDelayMs === null ? 0 : reportDelayMs - quickestReport(reportDelayMs);
    return tripMs / 2 + Math.max(tripExcessMs, reportExcessMs);
  };
}

function createRecentMin(nowMs: () => number) {
  let current = { startedAtMs: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY };
  let previous = current;
  return function hear(value: number): number {
    if (nowMs() - current.startedAtMs > SPAN_MS) {
      previous = current;
      current = { startedAtMs: nowMs(), min: value };
    }
    current.min = Math.min(current.min, value);
    return Math.min(current.min, previous.min);
  };
}
