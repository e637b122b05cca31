export type Jpeg = { bytes: ArrayBuffer; widthPx: number; heightPx: number };

/** 80 looks like the camera's own picture at a third of the size of 95; the others are for pictures that grow too large. */
const QUALITIES = [0.8, 0.6, 0.4];

/** The frame as a JPEG of its own size, of at most `limitBytes`; does not close the frame. In a worker or a page. */
export async function toJpeg(frame: VideoFrame, limitBytes: number): Promise<Jpeg> {
  const { displayWidth: widthPx, displayHeight: heightPx } = frame;
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("this browser gives no canvas");
  context.drawImage(frame, 0, 0, widthPx, heightPx);
  for (const quality of QUALITIES) {
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (blob.type !== "image/jpeg") throw new Error("this browser makes no JPEG");
    if (blob.size <= limitBytes) return { bytes: await blob.arrayBuffer(), widthPx, heightPx };
  }
  throw new Error("the picture is too large");
}

/** In hexadecimal, lower case. Only in secure contexts. */
export async function sha256Hex(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
