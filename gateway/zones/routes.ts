import { Router } from "express";
import { z } from "zod";
import { paths } from "#contract/paths.ts";
import { type CameraZones, CameraZonesChange, type CameraZonesList, Shop } from "#contract/zones.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ManageShop } from "./manage-shop.ts";
import type { ManageZones } from "./manage-zones.ts";

type ZoneRoutesDeps = { zones: Pick<ManageZones, "list" | "find" | "change">; shop: ManageShop };

/** The largest scene the schema allows, with long names, is a third of it. */
const BODY_LIMIT_BYTES = 256 * 1024;
const CameraId = z.uuid().toLowerCase();

export function zoneRoutes({ zones, shop }: ZoneRoutesDeps): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);

  router.get(paths.zones, (_request, response) => {
    response.json({ zones: zones.list() } satisfies CameraZonesList);
  });

  router.get(paths.cameraZones, (request, response) => {
    response.json(zones.find(idOf(request.params)) satisfies CameraZones);
  });

  router.put(paths.cameraZones, body, async (request, response) => {
    const change = parseInput(CameraZonesChange, request.body);
    response.json((await zones.change(idOf(request.params), change)) satisfies CameraZones);
  });

  router.get(paths.shop, (_request, response) => {
    response.json(shop.get() satisfies Shop);
  });

  router.put(paths.shop, body, async (request, response) => {
    response.json((await shop.change(parseInput(Shop, request.body))) satisfies Shop);
  });

  return router;
}

const idOf = (params: unknown): string => parseInput(z.object({ id: CameraId }), params, "not_found").id;
