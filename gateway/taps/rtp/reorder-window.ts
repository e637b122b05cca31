import type { RtpPacket } from "./rtp-packet.ts";
import type { StreamStats } from "./stream-stats.ts";

/** A gap wider than this is a source that began anew, not loss (RFC 3550 A.1: MAX_DROPOUT is 3000). */
const MAX_GAP = 3_000;
/** Packets held while one is missing, and for how long at most. */
const MAX_HELD = 16;
const MAX_WAIT_MS = 200;

type Held = { packet: RtpPacket; arrivedAtMs: number };

/**
 * Puts packets back in order. One in its place goes on at once; one from the future is copied and held until the
 * missing ones come, or are given up. `missingBefore` tells that packets are missing right before this one.
 */
export function createReorderWindow(deps: {
  stats: StreamStats;
  onPacket: (packet: RtpPacket, missingBefore: boolean) => void;
  /** The source began anew: other sequence numbers, other timestamps. */
  onRestart: () => void;
}) {
  const { stats, onPacket, onRestart } = deps;
  const held = new Map<number, Held>();
  let expected = -1;
  let ssrc = -1;
  let backwards = 0;

  function push(packet: RtpPacket, nowMs: number): void {
    const ahead = signed16(packet.sequence - expected);
    if (expected < 0) begin(packet, false);
    else if (packet.ssrc !== ssrc || Math.abs(ahead) > MAX_GAP) restart(packet);
    else if (ahead === 0) deliver(packet, false);
    else if (ahead < 0 || held.has(packet.sequence)) late(packet);
    else hold(packet, nowMs);
  }

  function begin(packet: RtpPacket, missingBefore: boolean): void {
    ssrc = packet.ssrc;
    expected = packet.sequence;
    deliver(packet, missingBefore);
  }

  function restart(packet: RtpPacket): void {
    held.clear();
    backwards = 0;
    onRestart();
    begin(packet, true);
  }

  /** A whole row of old packets is a server that set its numbers back. */
  function late(packet: RtpPacket): void {
    stats.late += 1;
    backwards += 1;
    if (backwards > MAX_HELD) restart(packet);
  }

  function deliver(packet: RtpPacket, missingBefore: boolean): void {
    backwards = 0;
    expected = (packet.sequence + 1) & 0xffff;
    onPacket(packet, missingBefore);
    if (held.size > 0) releaseNext();
  }

  function releaseNext(): void {
    for (let next = held.get(expected); next; next = held.get(expected)) {
      held.delete(expected);
      expected = (expected + 1) & 0xffff;
      stats.reordered += 1;
      onPacket(next.packet, false);
    }
  }

  function hold(packet: RtpPacket, nowMs: number): void {
    // a copy: a view would keep the whole received chunk in memory
    const bytes = Buffer.from(packet.bytes.subarray(packet.start, packet.end));
    held.set(packet.sequence, {
      packet: { ...packet, bytes, start: 0, end: bytes.length },
      arrivedAtMs: nowMs,
    });
    const [oldest] = held.values();
    if (held.size >= MAX_HELD || (oldest && nowMs - oldest.arrivedAtMs > MAX_WAIT_MS)) giveUpMissing();
  }

  function giveUpMissing(): void {
    const next = [...held.values()].reduce((a, b) => (distance(a) <= distance(b) ? a : b));
    held.delete(next.packet.sequence);
    stats.lost += distance(next);
    deliver(next.packet, true);
  }
  const distance = ({ packet }: Held): number => (packet.sequence - expected) & 0xffff;

  return { push, heldPackets: () => held.size };
}

const signed16 = (difference: number): number => (difference << 16) >> 16;
