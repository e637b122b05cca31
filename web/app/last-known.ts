import type { QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { Camera } from "#contract/cameras.ts";
import { ModelList } from "#contract/models.ts";
import { KnownPlate } from "#contract/plates.ts";
import { Health } from "#contract/system.ts";
import { CameraZones, Shop } from "#contract/zones.ts";
import { queryKeys } from "../hooks/query-keys.ts";
import type { TextStore } from "./text-store.ts";

/** What the page shows when it opens with the gateway away: the answers of the last visit. */
const KEPT = {
  health: { key: queryKeys.health, schema: Health },
  cameras: {
    key: queryKeys.cameras,
    // how a camera did then says nothing about now
    schema: z.array(Camera.transform((camera) => ({ ...camera, state: { status: "unknown" as const } }))),
  },
  zones: { key: queryKeys.zones, schema: z.array(CameraZones) },
  shop: { key: queryKeys.shop, schema: Shop },
  plates: { key: queryKeys.plates, schema: z.array(KnownPlate) },
  models: { key: queryKeys.models, schema: ModelList },
};

const PREFIX = "guarita.last-known.";
const WRITE_AFTER_MS = 500;

/** Puts what was kept into the caches, old enough to be asked again at once. Answers of an older form are left out. */
export function restoreLastKnown(queries: QueryClient, store: TextStore): void {
  for (const [name, { key, schema }] of Object.entries(KEPT)) {
    const parsed = schema.safeParse(tryParseJson(store.read(PREFIX + name)));
    if (parsed.success) queries.setQueryData(key, parsed.data, { updatedAt: 0 });
  }
}

/** Keeps every new answer; returns the function that ends it. */
export function keepLastKnown(queries: QueryClient, store: TextStore): () => void {
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function write() {
    clearTimeout(timer);
    timer = undefined;
    for (const name of due) store.write(PREFIX + name, JSON.stringify(queries.getQueryData([name])));
    due.clear();
  }

  const unsubscribe = queries.getQueryCache().subscribe((change) => {
    if (change.type !== "updated" || change.action.type !== "success") return;
    const [name] = change.query.queryKey;
    if (typeof name !== "string" || !(name in KEPT)) return;
    due.add(name);
    timer ??= setTimeout(write, WRITE_AFTER_MS);
  });
  return () => {
    unsubscribe();
    write();
  };
}

function tryParseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
