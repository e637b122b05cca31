import type { Socket } from "node:net";
import { vi } from "vitest";
import type { Clip } from "./clip.ts";

/** Ten pictures of 10 ms, key frames at 0 and 5. A picture's payload names it. */
export function aClip(over: Partial<Clip> = {}): Clip {
  const frames = Array.from({ length: 10 }, (_, index) => ({
    presentationMs: index * 10,
    dueMs: index * 10,
    isKey: index % 5 === 0,
    payloads: [Uint8Array.of(0x61, index), Uint8Array.of(0x61, 0x80 | index)],
  }));
  const parameterSets = [Uint8Array.of(0x67, 0x42, 0xc0, 0x1e), Uint8Array.of(0x68, 1)];
  return { codec: "h264", parameterSets, frames, lengthMs: 100, widthPx: 2, heightPx: 2, ...over };
}

/** Patient, because a busy machine is no reason to fail. */
export const eventually = <T>(check: () => T): Promise<T> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });

export type Packet = { channel: number; bytes: Buffer };
type Answer = { status: number; headers: Map<string, string>; body: string };

/** A reader that knows as much of RTSP as a test needs. */
export function createReader(socket: Socket) {
  let pending = Buffer.alloc(0);
  let sequence = 0;
  const answers: Answer[] = [];
  const packets: Packet[] = [];
  socket.on("error", () => undefined);
  socket.on("data", (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (takeOne());
  });

  function takeOne(): boolean {
    if (pending[0] === 0x24) {
      const end = pending.length < 4 ? Number.POSITIVE_INFINITY : 4 + pending.readUInt16BE(2);
      if (pending.length < end) return false;
      packets.push({ channel: pending[1] ?? 0, bytes: Buffer.from(pending.subarray(4, end)) });
      pending = pending.subarray(end);
      return true;
    }
    const headEnd = pending.indexOf("\r\n\r\n");
    if (headEnd < 0) return false;
    const [line = "", ...lines] = pending.toString("latin1", 0, headEnd).split("\r\n");
    const headers = new Map(lines.map((one) => one.split(/: (.*)/).slice(0, 2) as [string, string]));
    const end = headEnd + 4 + Number(headers.get("Content-Length") ?? 0);
    if (pending.length < end) return false;
    const body = pending.toString("latin1", headEnd + 4, end);
    answers.push({ status: Number(line.split(" ")[1]), headers, body });
    pending = pending.subarray(end);
    return true;
  }

  return {
    socket,
    packets,
    answers,
    pictures: () => packets.filter(({ channel }) => channel === 0).map(({ bytes }) => readRtp(bytes)),
    send: (text: string) => socket.write(text),
    async request(method: string, url: string, headers: Record<string, string> = {}): Promise<Answer> {
      const before = answers.length;
      const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: ${++sequence}\r\n${extra.join("")}\r\n`);
      return eventually(() => {
        const answer = answers[before];
        if (answer === undefined) throw new Error(`no answer to ${method}`);
        return answer;
      });
    },
  };
}

export const readRtp = (bytes: Buffer) => ({
  isLast: ((bytes[1] ?? 0) & 0x80) !== 0,
  sequence: bytes.readUInt16BE(2),
  timestamp: bytes.readUInt32BE(4),
  ssrc: bytes.readUInt32BE(8),
  content: [...bytes.subarray(12)],
});

export const TCP = { Transport: "RTP/AVP/TCP;unicast;interleaved=0-1" };
