import { bandsOf, hashOf } from "./picture-hash.ts";

/** Of the picture's own planes, as they were decoded. Takes ownership of `frame`. Null where they cannot be read. */
export async function hashFrame(frame: VideoFrame): Promise<number | null> {
  try {
    const { x, y, width, height } = frame.visibleRect ?? new DOMRectReadOnly(0, 0, 0, 0);
    const copies = bandsOf(width, height).map(async ({ topPx, heightPx }) => {
      const rect = { x, y: y + topPx, width, height: heightPx };
      const bytes = new Uint8Array(Math.ceil(frame.allocationSize({ rect }) / 4) * 4);
      await frame.copyTo(bytes, { rect });
      return hashOf(new Uint32Array(bytes.buffer));
    });
    return hashOf(Uint32Array.from(await Promise.all(copies)));
  } catch {
    return null; // a picture in a hardware decoder's memory that has no format to copy in
  } finally {
    frame.close();
  }
}
