import type { Picture } from "./snapshot.ts";

type FloatDeps = {
  /** What the tile shows now; another element after the player changed its way or its stream. */
  picture: () => Picture | null;
  /** Once, when the window is gone, whoever closed it. */
  onEnd: () => void;
};

const PATIENCE_MS = 3_000;

export type FloatingPicture = { stop(): void };

/** A player may change what carries its picture; the floating window follows within this time. */
const FOLLOW_MS = 1_000;

/** Whether this browser can let a picture float over other windows. */
export const canFloat = (): boolean =>
  document.pictureInPictureEnabled === true && "requestPictureInPicture" in HTMLVideoElement.prototype;

/**
 * Lets a tile's picture float over other windows. A video of its own carries it, so that the window stays open while
 * the player changes its element. Must be called from a press; throws where the browser refuses.
 */
export async function floatPicture({ picture, onEnd }: FloatDeps): Promise<FloatingPicture> {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, autoplay: true, hidden: true });
  let source: Picture | null = null;

  function follow() {
    const next = picture();
    if (!next || next === source) return;
    const stream = streamOf(next);
    if (!stream) return;
    source = next;
    video.srcObject = stream;
    video.play().catch(() => {}); // replaced by the next one before it began
  }

  document.body.append(video);
  follow();
  const timer = setInterval(follow, FOLLOW_MS);
  function stop() {
    clearInterval(timer);
    video.removeEventListener("leavepictureinpicture", stop);
    if (document.pictureInPictureElement === video) void document.exitPictureInPicture();
    video.srcObject = null;
    video.remove();
    onEnd();
  }
  video.addEventListener("leavepictureinpicture", stop);
  try {
    if (!source) throw new Error("there is no picture that could float");
    await firstPicture(video);
    await video.requestPictureInPicture();
  } catch (cause) {
    stop();
    throw cause;
  }
  return { stop };
}

/** A browser opens the window only for a video whose size it knows, and only soon after the press. */
async function firstPicture(video: HTMLVideoElement): Promise<void> {
  if (video.readyState > HTMLMediaElement.HAVE_NOTHING) return;
  await new Promise((resolve, reject) => {
    video.addEventListener("loadedmetadata", resolve, { once: true });
    setTimeout(() => reject(new Error("no picture came")), PATIENCE_MS);
  });
}

/** The picture as a stream: that of WebRTC itself, else a copy of what the element shows. */
function streamOf(picture: Picture): MediaStream | null {
  if (picture instanceof HTMLVideoElement && picture.srcObject instanceof MediaStream)
    return picture.srcObject;
  // not in TypeScript's DOM for videos, and not in every browser
  const { captureStream } = picture as { captureStream?: () => MediaStream };
  return captureStream?.call(picture) ?? null;
}
