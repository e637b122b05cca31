import { expect, test } from "vitest";
import { parseRtpPacket } from "./rtp-packet.ts";
import { rtpPacket } from "./rtp-samples.memory.ts";

const payloadOf = (bytes: Buffer) => {
  const packet = parseRtpPacket(bytes, 0, bytes.length);
  return packet?.bytes.subarray(packet.start, packet.end).toString("hex");
};

test("header fields are read", () => {
  const bytes = rtpPacket({
    payload: Buffer.from("0102", "hex"),
    sequence: 65_535,
    timestamp: 4e9,
    marker: true,
  });
  expect(parseRtpPacket(bytes, 0, bytes.length)).toMatchObject({
    sequence: 65_535,
    timestamp: 4e9,
    marker: true,
    payloadType: 96,
    ssrc: 7,
  });
});

test("contributing sources, extension and padding are left out of the payload", () => {
  const header = Buffer.from(
    `b2e0000100000002${"00000003"}${"aaaaaaaabbbbbbbb"}${"bede0001cccccccc"}`,
    "hex",
  );
  const bytes = Buffer.concat([header, Buffer.from("0102030000000004", "hex")]);
  expect(payloadOf(bytes)).toBe("01020300");
});

test("a packet that ends before what it promises is none", () => {
  const whole = Buffer.from(`90e00001000000020000000300000001${"cccccccc"}01`, "hex");
  expect(payloadOf(whole)).toBe("01");
  for (let length = 0; length < 20; length += 1) expect(payloadOf(whole.subarray(0, length))).toBeUndefined();
});

test("padding longer than the payload, and another version, are refused", () => {
  const padded = rtpPacket({ payload: Buffer.from([9]) });
  padded[0] = 0xa0;
  expect(payloadOf(padded)).toBeUndefined();
  const version1 = rtpPacket({ payload: Buffer.from([9]) });
  version1[0] = 0x40;
  expect(payloadOf(version1)).toBeUndefined();
});
