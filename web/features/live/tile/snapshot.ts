const QUALITY = 0.92;
/** Long enough for any browser to have begun to read the file. */
const LET_GO_MS = 60_000;

export type Picture = HTMLVideoElement | HTMLCanvasElement;

/** What `picture` shows now as a JPEG, in its own pixels; null while it shows nothing. */
export async function takeSnapshot(picture: Picture): Promise<Blob | null> {
  const isVideo = picture instanceof HTMLVideoElement;
  const width = isVideo ? picture.videoWidth : picture.width;
  const height = isVideo ? picture.videoHeight : picture.height;
  if (width === 0 || height === 0) return null;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** "Caixa-1_2026-11-21_13-04-10.jpg": the camera and the shop's own time, without what a file name may not hold. */
export function snapshotName(cameraName: string, atMs: number): string {
  const name = cameraName.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "camera";
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join("-");
  return `${name}_${day}_${time}.jpg`;
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LET_GO_MS);
}
