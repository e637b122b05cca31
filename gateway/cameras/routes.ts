import { Router } from "express";
import { z } from "zod";
import type { CameraHealth, CameraHealthList } from "#contract/camera-health.ts";
import {
  type Camera,
  CameraChange,
  type CameraList,
  NewCamera,
  type ProbeAnswer,
  ProbeRequest,
  type RtspTransport,
} from "#contract/cameras.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ManageCameras } from "./manage-cameras.ts";

export type CameraRoutesDeps = {
  cameras: Pick<ManageCameras, "list" | "find" | "add" | "change" | "remove">;
  /** Never rejects; answers within 5 s. */
  probe: (address: string, rtspTransport: RtspTransport) => Promise<ProbeAnswer>;
  /** In the order of the list. */
  health: () => CameraHealth[];
  /** Ends the tap's wait for the camera's next try, also one for a person. */
  retryNow: (cameraId: string) => void;
};

const BODY_LIMIT_BYTES = 16 * 1024;
const CameraId = z.uuid().toLowerCase();

export function cameraRoutes({ cameras, probe, health, retryNow }: CameraRoutesDeps): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);
  // what is no id is another path's: its wrong method must not look like a missing camera
  router.param("id", (_request, _response, next, id) =>
    next(CameraId.safeParse(id).success ? null : "route"),
  );

  router.get(paths.cameras, (_request, response) => {
    response.json({ cameras: cameras.list() } satisfies CameraList);
  });

  router.post(paths.cameras, body, async (request, response) => {
    const camera = await cameras.add(parseInput(NewCamera, request.body));
    response.status(201).location(fillPath(paths.camera, { id: camera.id }));
    response.json(camera satisfies Camera);
  });

  router.post(paths.probe, body, async (request, response) => {
    const { address, rtspTransport } = parseInput(ProbeRequest, request.body);
    response.json((await probe(address, rtspTransport)) satisfies ProbeAnswer);
  });

  router.get(paths.camerasHealth, (_request, response) => {
    response.set("Cache-Control", "no-store").json({ health: health() } satisfies CameraHealthList);
  });

  router.get(paths.camera, (request, response) => {
    response.json(cameras.find(idOf(request.params)) satisfies Camera);
  });

  router.patch(paths.camera, body, async (request, response) => {
    const change = parseInput(CameraChange, request.body);
    response.json((await cameras.change(idOf(request.params), change)) satisfies Camera);
  });

  router.delete(paths.camera, async (request, response) => {
    await cameras.remove(idOf(request.params));
    response.status(204).end();
  });

  router.post(paths.cameraRetry, (request, response) => {
    retryNow(cameras.find(idOf(request.params)).id);
    response.status(204).end();
  });

  return router;
}

const idOf = (params: unknown): string => parseInput(z.object({ id: CameraId }), params, "not_found").id;
