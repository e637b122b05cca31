import type { Transport } from "./player.ts";

/**
 * Puts an element into the container, letterboxed, behind what is shown until `show`: hidden outright, a browser would
 * hold back its first picture.
 */
export function placePicture(element: HTMLElement, container: HTMLElement, transport: Transport) {
  if (getComputedStyle(container).position === "static") container.style.position = "relative";
  container.style.isolation = "isolate"; // the order within stays within
  Object.assign(element.style, {
    position: "absolute",
    inset: "0",
    width: "100%",
    height: "100%",
    objectFit: "contain",
    zIndex: "-1",
  });
  element.dataset.transport = transport;
  container.append(element);
  return {
    show() {
      element.style.zIndex = "";
    },
    remove: () => element.remove(),
  };
}

/** A video element that starts by itself: only muted ones may. */
export function createVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.disableRemotePlayback = true;
  return video;
}

/** Calls `then` once, as the first picture is drawn. */
export function whenFirstPicture(video: HTMLVideoElement, then: () => void): void {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(then);
  else (video as HTMLVideoElement).addEventListener("playing", then, { once: true });
}
