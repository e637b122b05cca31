import type { CameraSources } from "./camera-sources.ts";
import type { ManageCameras } from "./cameras/manage-cameras.ts";
import type { Bus } from "./kernel/bus.ts";
import type { Logger } from "./kernel/logger.ts";
import type { Media } from "./media/media.ts";
import type { Taps } from "./taps/taps.ts";

type Followers = {
  bus: Bus;
  cameras: Pick<ManageCameras, "list">;
  sources: Pick<CameraSources, "isTappedThroughMedia">;
  media: Pick<Media, "removePath">;
  taps: Pick<Taps, "cameraChanged">;
  log: Logger;
};

/** What holds a connection to a camera hears when the camera's address is another one, or it is gone. */
export function followChanges({ bus, cameras, sources, media, taps, log }: Followers): void {
  const follow = (work: Promise<unknown>, cameraId: string) =>
    void work.catch((error: unknown) =>
      log.warn({ err: error, cameraId }, "a change of a camera came not through"),
    );
  const reconnect = ({ cameraId }: { cameraId: string }) => {
    follow(media.removePath(cameraId), cameraId);
    follow(taps.cameraChanged(cameraId), cameraId);
  };
  bus.on("camera.moved", reconnect);
  bus.on("camera.removed", reconnect);
  bus.on("camera.restarted", ({ cameraId, by }) => {
    // the tap's new connection would lead to the same old pull
    if (by === "tap" && sources.isTappedThroughMedia(cameraId)) follow(media.removePath(cameraId), cameraId);
  });
  bus.on("media.state", ({ status }) => {
    if (status !== "running") return;
    for (const { id, singleConnection } of cameras.list()) {
      if (singleConnection) follow(taps.cameraChanged(id), id); // from now on through MediaMTX
    }
  });
}
