import fc from "fast-check";
import { expect, test } from "vitest";
import { aJpeg } from "./jpeg.memory.ts";
import { jpegSize } from "./jpeg-size.ts";

test("the size is read from the frame header, whatever stands before it", () => {
  expect(jpegSize(aJpeg({ widthPx: 1_920, heightPx: 1_080 }))).toEqual({ widthPx: 1_920, heightPx: 1_080 });
  const jpeg = aJpeg({ widthPx: 640, heightPx: 360 });
  const filled = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff]), jpeg.subarray(2)]); // fill byte before a marker
  expect(jpegSize(filled)).toEqual({ widthPx: 640, heightPx: 360 });
  const inArray = new Uint8Array([9, 9, 9, ...jpeg]).subarray(3); // a view that begins later in its buffer
  expect(jpegSize(inArray)).toEqual({ widthPx: 640, heightPx: 360 });
});

test("what is no JPEG, is cut off in its head or has no size is none", () => {
  const jpeg = aJpeg();
  const png = Buffer.from("89504e470d0a1a0a", "hex");
  for (const bytes of [Buffer.alloc(0), png, Buffer.from("<html>"), jpeg.subarray(1), jpeg.subarray(0, 14)]) {
    expect(jpegSize(bytes)).toBeNull();
  }
  expect(jpegSize(aJpeg({ widthPx: 0 }))).toBeNull();
});

test("any bytes end the search, and none are read beyond the end", () => {
  const head = Buffer.from([0xff, 0xd8, 0xff]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const size = jpegSize(Buffer.concat([head, bytes]));
      expect(size === null || (size.widthPx > 0 && size.heightPx > 0)).toBe(true);
    }),
  );
});
