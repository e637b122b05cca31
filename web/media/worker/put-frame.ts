import type { PictureSurface } from "../direct-protocol.ts";
import { createCanvasDraw } from "./canvas-draw.ts";
import type { PutFrame } from "./direct-tiles.ts";

export function createPutFrame(surface: PictureSurface): PutFrame {
  return surface instanceof WritableStream ? createTrackWrite(surface) : createCanvasDraw(surface);
}

/** A track that still holds a picture gets no other: what waits there would come late. */
function createTrackWrite(track: WritableStream<VideoFrame>): PutFrame {
  const writer = track.getWriter();
  return (frame) => {
    const size = { widthPx: frame.displayWidth, heightPx: frame.displayHeight };
    const isFree = (writer.desiredSize ?? 0) > 0; // null once the page has ended the track
    if (isFree) writer.write(frame).catch(() => frame.close());
    else frame.close();
    return isFree ? size : null;
  };
}
