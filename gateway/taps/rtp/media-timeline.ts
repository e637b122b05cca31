import { u8, u16, u32 } from "./bytes.ts";

const NTP_TO_UNIX_SECONDS = 2_208_988_800;
/** B-frames set the time back by a few pictures; more than this is a clock that was set anew. */
const MAX_BACKWARDS_S = 5;

/** RTP timestamps (32 bits, any start) to one rising clock in microseconds, and to the camera's wall clock. */
export function createMediaTimeline(clockRateHz: number) {
  let last: { timestamp: number; ptsUs: number; atMs: number } | undefined;
  let restarted = false;
  let report: { timestamp: number; cameraAtMs: number } | undefined;

  function ptsUs(timestamp: number, nowMs: number): number {
    const pts = last === undefined ? toUs(timestamp) : follow(last, timestamp, nowMs);
    if (last === undefined || restarted || pts > last.ptsUs) last = { timestamp, ptsUs: pts, atMs: nowMs };
    restarted = false;
    return pts;
  }

  /** After a restart, or a clock set back, the time goes on by the gateway's clock. */
  function follow(
    from: { timestamp: number; ptsUs: number; atMs: number },
    timestamp: number,
    nowMs: number,
  ) {
    const step = (timestamp - from.timestamp) | 0;
    if (!restarted && step > -MAX_BACKWARDS_S * clockRateHz) return from.ptsUs + toUs(step);
    restarted = true;
    report = undefined;
    return from.ptsUs + Math.max(1, nowMs - from.atMs) * 1_000;
  }

  /** When the camera made the picture, by its last sender report; 0 while unknown. */
  function cameraAtMs(timestamp: number): number {
    if (!report) return 0;
    return report.cameraAtMs + (((timestamp - report.timestamp) | 0) / clockRateHz) * 1_000;
  }

  /** Takes the sender report out of a compound RTCP packet (RFC 3550, 6.4.1); anything else is passed over. */
  function rtcp(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at + 8 <= end; at += (u16(bytes, at + 2) + 1) * 4) {
      const isReport = u8(bytes, at) >> 6 === 2 && u8(bytes, at + 1) === 200 && at + 20 <= end;
      const ntpSeconds = isReport ? u32(bytes, at + 8) : 0;
      if (ntpSeconds === 0) continue; // a camera without a clock sends zero
      const wholeMs = (ntpSeconds - NTP_TO_UNIX_SECONDS) * 1_000;
      report = {
        timestamp: u32(bytes, at + 16),
        cameraAtMs: wholeMs + (u32(bytes, at + 12) / 2 ** 32) * 1_000,
      };
    }
  }

  const toUs = (ticks: number): number => Math.round((ticks * 1_000_000) / clockRateHz);

  return {
    ptsUs,
    cameraAtMs,
    rtcp,
    restart() {
      restarted = true;
      report = undefined;
    },
  };
}
