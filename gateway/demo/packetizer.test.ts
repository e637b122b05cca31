import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregate, packetize, type VideoCodec } from "./packetizer.ts";

/** A unit that could be a slice: its type is none of those that carry other units. */
function aUnit(codec: VideoCodec): fc.Arbitrary<Uint8Array> {
  const header =
    codec === "h264"
      ? fc.tuple(fc.constantFrom(0x65, 0x41, 0x01, 0x61))
      : fc.tuple(fc.constantFrom(0x26, 0x02, 0x00, 0x27), fc.integer({ min: 1, max: 255 }));
  return fc
    .tuple(header, fc.uint8Array({ minLength: 1, maxLength: 5_000 }))
    .map(([first, rest]) => Uint8Array.from([...first, ...rest]));
}

/** What a receiver does, written from the RFCs and not from the packetizer. */
function reassemble(codec: VideoCodec, payloads: Uint8Array[]): Uint8Array[] {
  const units: Uint8Array[] = [];
  const headerBytes = codec === "h264" ? 1 : 2;
  let parts: number[] = [];
  for (const payload of payloads) {
    const [first = 0, second = 0, third = 0] = payload;
    const type = codec === "h264" ? first & 31 : (first >> 1) & 63;
    if (type === (codec === "h264" ? 24 : 48)) units.push(...splitAggregate(payload.subarray(headerBytes)));
    else if (type === (codec === "h264" ? 28 : 49)) {
      const edges = codec === "h264" ? second : third;
      if (edges & 0x80) {
        parts =
          codec === "h264"
            ? [(first & 0xe0) | (second & 31)]
            : [(first & 0x81) | ((third & 63) << 1), second];
      }
      parts.push(...payload.subarray(headerBytes + 1));
      if (edges & 0x40) units.push(Uint8Array.from(parts));
    } else units.push(payload);
  }
  return units;
}

function splitAggregate(content: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = 0; at < content.length; ) {
    const length = ((content[at] ?? 0) << 8) | (content[at + 1] ?? 0);
    units.push(content.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return units;
}

describe.each<VideoCodec>(["h264", "h265"])("%s", (codec) => {
  test("a receiver puts together the same units, whatever their sizes and the packets' limit", () => {
    fc.assert(
      fc.property(
        fc.array(aUnit(codec), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 10, max: 1_500 }),
        (units, max) => {
          const payloads = units.flatMap((unit) => packetize(codec, unit, max));
          expect(payloads.every((payload) => payload.length <= max)).toBe(true);
          expect(reassemble(codec, payloads)).toEqual(units);
        },
      ),
    );
  });

  test("parameter sets in one packet come apart again", () => {
    fc.assert(
      fc.property(fc.array(aUnit(codec), { minLength: 1, maxLength: 3 }), (units) => {
        expect(reassemble(codec, [aggregate(codec, units)])).toEqual(units);
      }),
    );
  });
});
