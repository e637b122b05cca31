import type { Camera, CameraStream } from "#contract/cameras.ts";

/** Up to this many device pixels a tile shows no more than a sub stream has. */
const SUB_UP_TO_PX = 640;
/** Back to the sub stream only below this, so that a tile near the border does not go to and fro. */
const SUB_AGAIN_BELOW_PX = 560;

type StreamFacts = {
  camera: Pick<Camera, "subAddress" | "singleConnection">;
  /** Of the tile, in device pixels; 0 while unknown. */
  widthPx: number;
  current: CameraStream | null;
  /** The sub stream is known to give no picture, which says nothing about the main one. */
  isSubBroken: boolean;
};

/** The stream that a tile's size asks for. */
export function chooseStream({ camera, widthPx, current, isSubBroken }: StreamFacts): CameraStream {
  if (!hasSub(camera) || isSubBroken) return "main";
  const limitPx = current === "main" ? SUB_AGAIN_BELOW_PX - 1 : SUB_UP_TO_PX;
  return widthPx <= limitPx ? "sub" : "main";
}

/** Whether it can be asked for two streams: one that allows a single connection is read once, by its main stream. */
export function hasSub({ subAddress, singleConnection }: StreamFacts["camera"]): boolean {
  return subAddress !== undefined && !singleConnection;
}
