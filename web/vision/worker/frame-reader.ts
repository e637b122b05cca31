import type { Picture } from "../detector.ts";
import type { PictureBuffers } from "./picture-buffers.ts";

/**
 * Reads decoded frames into buffers that are used again. The one copy there is: gate and detector read from it, and a
 * detector's worker gets the buffer itself.
 */
export function createFrameReader(buffers: Pick<PictureBuffers, "take" | "giveBack">) {
  /** Does not close the frame. The picture's bytes go back to the buffers when nobody needs it any more. */
  return async function readFrame(frame: VideoFrame): Promise<Picture> {
    const { width: widthPx, height: heightPx } = frame.visibleRect ?? {
      width: frame.codedWidth,
      height: frame.codedHeight,
    };
    const isYuv = frame.format === "I420" || frame.format === "NV12";
    const options: VideoFrameCopyToOptions = isYuv ? {} : { format: "RGBX" };
    const bytes = buffers.take(frame.allocationSize(options));
    try {
      const layout = await frame.copyTo(bytes, options);
      return { widthPx, heightPx, bytes, pixels: isYuv ? yuvPixels(frame, layout) : rgbxPixels(layout) };
    } catch (cause) {
      buffers.giveBack(bytes);
      throw cause;
    }
  };
}
export type FrameReader = ReturnType<typeof createFrameReader>;

function yuvPixels(frame: VideoFrame, layout: PlaneLayout[]): Picture["pixels"] {
  const [y, second, third] = layout;
  if (!y || !second) throw new Error("the picture has no planes");
  const matrix = frame.colorSpace.matrix === "bt709" ? "bt709" : "bt601";
  const base = { kind: "yuv420" as const, matrix, fullRange: frame.colorSpace.fullRange === true } as const;
  const luma = { offset: y.offset, strideBytes: y.stride, stepBytes: 1 };
  if (third) {
    return {
      ...base,
      y: luma,
      u: { offset: second.offset, strideBytes: second.stride, stepBytes: 1 },
      v: { offset: third.offset, strideBytes: third.stride, stepBytes: 1 },
    };
  }
  return {
    ...base,
    y: luma,
    u: { offset: second.offset, strideBytes: second.stride, stepBytes: 2 },
    v: { offset: second.offset + 1, strideBytes: second.stride, stepBytes: 2 },
  };
}

function rgbxPixels(layout: PlaneLayout[]): Picture["pixels"] {
  const [plane] = layout;
  if (!plane) throw new Error("the picture has no planes");
  return { kind: "rgbx", offset: plane.offset, strideBytes: plane.stride };
}
