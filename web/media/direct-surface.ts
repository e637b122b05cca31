import type { PictureSurface } from "./direct-protocol.ts";
import { createVideo, whenFirstPicture } from "./place-picture.ts";
import type { PictureSize } from "./session-facts.ts";

/** Chromium's, not in TypeScript's DOM: a video track of the frames that are written into it. */
type TrackGenerator = new (init: {
  kind: "video";
}) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };

type TellPicture = (size: PictureSize) => void;

type DirectSurface = {
  element: HTMLVideoElement | HTMLCanvasElement;
  /** The worker's end, to be transferred. */
  surface: PictureSurface;
  /** Holds back what is told until the element shows its first picture. */
  whenDrawn(tell: TellPicture): TellPicture;
  /** No more pictures; the last one stays. */
  close(): void;
};

/**
 * What the pictures of one `direct` tile are put on. Best a video fed by frames: they go to the screen aside of the
 * page's thread. Where the browser has none (Firefox, Safari), a canvas: each picture then costs the page a drawing.
 */
export function createSurface(): DirectSurface {
  const { MediaStreamTrackGenerator: Generator } = globalThis as {
    MediaStreamTrackGenerator?: TrackGenerator;
  };
  return Generator ? videoSurface(new Generator({ kind: "video" })) : canvasSurface();
}

function videoSurface(track: InstanceType<TrackGenerator>): DirectSurface {
  const video = createVideo();
  video.srcObject = new MediaStream([track]);
  let isDrawn = false;
  whenFirstPicture(video, () => {
    isDrawn = true;
  });
  return {
    element: video,
    surface: track.writable,
    whenDrawn: (tell) => (size) => {
      if (isDrawn) tell(size);
      else whenFirstPicture(video, () => tell(size));
    },
    close() {
      video.pause(); // a playing one turns black when its track ends
      track.stop();
    },
  };
}

function canvasSurface(): DirectSurface {
  const canvas = document.createElement("canvas");
  return {
    element: canvas,
    surface: canvas.transferControlToOffscreen(),
    whenDrawn: (tell) => tell,
    close() {},
  };
}
