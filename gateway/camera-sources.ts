import type { CameraStream, RtspTransport } from "#contract/cameras.ts";
import type { ManageCameras } from "./cameras/manage-cameras.ts";
import type { Media } from "./media/media.ts";

/** One stream of a camera, with user and password in its address. */
type Source = { stream: CameraStream; address: string; rtspTransport: RtspTransport };

type CameraSourcesDeps = {
  cameras: Pick<ManageCameras, "stored">;
  media: Pick<Media, "state" | "rtspAddress">;
};

/**
 * Who reads which address of a camera. MediaMTX always pulls from the camera. A tap reads straight from the camera too:
 * half the work of a way through MediaMTX. But a camera that allows one connection is tapped through MediaMTX, where it
 * runs, so that watching and analysis share that one.
 */
export function createCameraSources({ cameras, media }: CameraSourcesDeps) {
  /** The stream that is really meant: `main` also for the sub stream of a camera that has none, or may not open two. */
  function ofCamera(cameraId: string, wanted: CameraStream): Source | undefined {
    const camera = cameras.stored(cameraId);
    if (!camera) return undefined;
    const { mainAddress, subAddress, singleConnection, rtspTransport } = camera;
    const hasSub = subAddress !== null && subAddress !== mainAddress && !singleConnection;
    if (wanted === "sub" && hasSub) return { stream: "sub", address: subAddress, rtspTransport };
    return { stream: "main", address: mainAddress, rtspTransport };
  }

  const isTappedThroughMedia = (cameraId: string): boolean =>
    cameras.stored(cameraId)?.singleConnection === true && media.state().status === "running";

  return {
    ofCamera,
    isTappedThroughMedia,
    /** Undefined for a camera that is gone, and for a sub stream that is not one of its own. */
    async forTap(cameraId: string, stream: CameraStream): Promise<string | undefined> {
      const source = ofCamera(cameraId, stream);
      if (!source || source.stream !== stream) return undefined;
      return isTappedThroughMedia(cameraId) ? media.rtspAddress(cameraId, source) : source.address;
    },
    /** MediaMTX, on this machine, speaks TCP alone. */
    transportForTap: (cameraId: string): RtspTransport =>
      isTappedThroughMedia(cameraId) ? "tcp" : (cameras.stored(cameraId)?.rtspTransport ?? "tcp"),
  };
}
export type CameraSources = ReturnType<typeof createCameraSources>;
