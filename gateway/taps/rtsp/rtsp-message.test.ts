import fc from "fast-check";
import { expect, test } from "vitest";
import { CameraFailure } from "../camera-failure.ts";
import { createRtspParser, MAX_HEADER_BYTES, type RtspMessage } from "./rtsp-message.ts";

function aParser() {
  const messages: RtspMessage[] = [];
  const packets: string[] = [];
  const parser = createRtspParser({
    onPacket: (channel, bytes, start, end) =>
      packets.push(`${channel}:${bytes.subarray(start, end).toString("hex")}`),
    onMessage: (message) => messages.push(message),
  });
  return { parser, messages, packets };
}

const ANSWER =
  "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Basic realm=a\r\nwww-authenticate:Digest realm=b\r\n" +
  "Content-Length: 4\r\n\r\nbody";
const STREAM = Buffer.concat([
  Buffer.from(ANSWER),
  Buffer.from("2400000301020324010001ff", "hex"),
  Buffer.from("\r\nOPTIONS rtsp://gateway RTSP/1.0\r\nCSeq: 9\r\n\r\n"),
  Buffer.from("24020000", "hex"),
]);

test("messages and packets are told apart, however the bytes are cut", () => {
  const cuts = fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 40 });
  fc.assert(
    fc.property(cuts, (positions) => {
      const { parser, messages, packets } = aParser();
      const edges = [0, ...positions.sort((a, b) => a - b), STREAM.length];
      for (const [index, edge] of edges.entries()) parser.push(STREAM.subarray(edge, edges[index + 1]));
      expect(packets).toEqual(["0:010203", "1:ff", "2:"]);
      expect(messages.map(({ kind }) => kind)).toEqual(["response", "request"]);
      expect(messages[0]).toMatchObject({ status: 401, reason: "Unauthorized", body: "body" });
      expect(messages[0]?.headers.get("www-authenticate")).toEqual(["Basic realm=a", "Digest realm=b"]);
      expect(parser.pendingBytes()).toBe(0);
    }),
  );
});

test("what is not RTSP ends the reading at once", () => {
  for (const noise of ["\x00\x01\x02", "HTTP/1.1 400 Bad Request\r\n\r\n", "\x16\x03\x01\x02"]) {
    expect(() => aParser().parser.push(Buffer.from(noise, "latin1"))).toThrow(CameraFailure);
  }
});

test("a header without an end is given up at its bound", () => {
  const { parser } = aParser();
  parser.push(Buffer.from("RTSP/1.0 200 OK\r\n"));
  const filler = Buffer.alloc(MAX_HEADER_BYTES / 4, "a");
  expect(() => {
    for (let round = 0; round < 5; round += 1) parser.push(filler);
  }).toThrow("without an end");
});

test("a body without a sensible length is refused", () => {
  for (const length of ["-1", "1e9", "abc", "99999999"]) {
    const head = `RTSP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
    expect(() => aParser().parser.push(Buffer.from(head))).toThrow("sensible length");
  }
});

test("any bytes are read or refused, and never kept beyond one message", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
      const { parser } = aParser();
      try {
        for (const chunk of chunks) parser.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(CameraFailure);
      }
      expect(parser.pendingBytes()).toBeLessThanOrEqual(8_000);
    }),
    { numRuns: 500 },
  );
});
