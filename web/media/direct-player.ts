import type { CameraStream } from "#contract/cameras.ts";
import type { FromDirectWorker, PictureSurface, ToDirectWorker } from "./direct-protocol.ts";
import { createSurface } from "./direct-surface.ts";
import type { OpenSession } from "./open-session.ts";
import { placePicture } from "./place-picture.ts";
import type { TransportEvents } from "./transport.ts";

type ConnectTap = () => MessagePort;

/**
 * The encoded pictures of the tap, decoded for the tile's own element, by one worker for all that is opened by
 * the function it returns.
 */
export function openDirect(connectTap: ConnectTap): OpenSession {
  const drawer = createDirectDrawer(connectTap);
  return ({ camera, stream, container }, events) => {
    const { element, surface, whenDrawn, close } = createSurface();
    const place = placePicture(element, container, "direct");
    const onPicture = whenDrawn(events.onPicture);
    const tile = drawer.open(
      { surface, cameraId: camera.id, stream, widthPx: widthOf(container) },
      { ...events, onPicture },
    );
    const observer = new ResizeObserver(() => tile.resize(widthOf(container)));
    observer.observe(container);

    function release(): void {
      observer.disconnect();
      tile.release();
      close();
    }
    return {
      show: place.show,
      picture: () => element,
      release,
      stop() {
        release();
        place.remove();
      },
    };
  };
}

type TilePlace = {
  surface: PictureSurface;
  cameraId: string;
  stream: CameraStream;
  widthPx: number;
};

/** The worker starts with the first tile; without one it waits. */
function createDirectDrawer(connectTap: ConnectTap) {
  const tiles = new Map<number, TransportEvents>();
  let worker: Worker | null = null;
  let lastId = 0;

  function post(message: ToDirectWorker, transfer: Transferable[] = []): void {
    worker?.postMessage(message, transfer);
  }

  function start(): void {
    worker = new Worker(new URL("./worker/direct.worker.ts", import.meta.url), {
      type: "module",
      name: "direct",
    });
    worker.onmessage = ({ data }: MessageEvent<FromDirectWorker>) => {
      const events = tiles.get(data.tileId);
      if (data.type === "picture") events?.onPicture(data.size);
      else if (data.type === "still") events?.onStill();
      else if (data.type === "stats") events?.onStats(data.stats);
      else events?.onFailed(data.failure);
    };
    worker.onerror = ({ message }) => {
      worker?.terminate();
      worker = null;
      for (const events of [...tiles.values()]) events.onFailed({ kind: "broken", detail: message });
    };
    const port = connectTap();
    post({ type: "tap", port }, [port]);
  }

  return {
    open({ surface, ...place }: TilePlace, events: TransportEvents) {
      if (!worker) start();
      lastId += 1;
      const tileId = lastId;
      tiles.set(tileId, events);
      post({ type: "open", tileId, surface, ...place }, [surface]);
      return {
        resize: (width: number) => post({ type: "resize", tileId, widthPx: width }),
        release() {
          if (tiles.delete(tileId)) post({ type: "release", tileId });
        },
      };
    },
  };
}

/** In pixels of the screen. */
function widthOf(container: HTMLElement): number {
  return container.clientWidth * devicePixelRatio;
}
