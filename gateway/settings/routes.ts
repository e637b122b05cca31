import { Router } from "express";
import { paths } from "#contract/paths.ts";
import { type SettingList, SettingsChange } from "#contract/settings.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ManageSettings } from "./manage-settings.ts";

const BODY_LIMIT_BYTES = 64 * 1024;

export function settingRoutes({ settings }: { settings: Pick<ManageSettings, "list" | "change"> }): Router {
  const router = Router();

  router.get(paths.settings, async (_request, response) => {
    response.set("Cache-Control", "no-store").json((await settings.list()) satisfies SettingList);
  });

  router.put(paths.settings, jsonBody(BODY_LIMIT_BYTES), async (request, response) => {
    const change = parseInput(SettingsChange, request.body);
    response.json((await settings.change(change)) satisfies SettingList);
  });

  return router;
}
