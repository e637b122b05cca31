import type { QueryClient } from "@tanstack/react-query";
import type { CameraHealth } from "#contract/camera-health.ts";
import type { Camera } from "#contract/cameras.ts";
import type { EventRecord, StoredEvent } from "#contract/events.ts";
import type { FeedMessage } from "#contract/feed.ts";
import type { Health } from "#contract/system.ts";
import type { CameraZones } from "#contract/zones.ts";
import { type EventFilter, queryKeys } from "../hooks/query-keys.ts";
import { type QueueBoard, withQueueEvents } from "../hooks/queue-board.ts";
import { askAnew, putTold } from "../hooks/told.ts";
import { withCamera } from "../hooks/use-cameras.ts";
import type { EventPages } from "../hooks/use-events.ts";
import { putShop } from "../hooks/use-shop.ts";
import { putZones } from "../hooks/use-zones.ts";
import { putInPlace } from "../lib/put-in-place.ts";

/** A list left open grows by the feed; beyond this it starts again from its first page. */
const LONGEST_LIST_EVENTS = 2_000;

/** Writes what the gateway told into the caches that the screens read. */
export function applyFeedMessage(queries: QueryClient, message: FeedMessage): void {
  switch (message.type) {
    case "alive":
      break;
    case "events":
      putEvents(queries, message.events);
      putQueueEvents(queries, message.events);
      break;
    case "camera-changed":
      changeCameras(queries, (cameras) => withCamera(cameras, message.camera));
      break;
    case "camera-removed":
      changeCameras(queries, (cameras) => cameras.filter(({ id }) => id !== message.cameraId));
      putTold<CameraZones[]>(queries, queryKeys.zones, (known) =>
        known?.filter(({ cameraId }) => cameraId !== message.cameraId),
      );
      break;
    case "camera-state":
      changeCameras(queries, (cameras) =>
        cameras.map((camera) =>
          camera.id === message.cameraId ? { ...camera, state: message.state } : camera,
        ),
      );
      break;
    case "camera-health":
      putHealth(queries, message.health);
      break;
    case "zones-changed":
      putZones(queries, message.zones);
      break;
    case "shop-changed":
      putShop(queries, message.shop);
      break;
    case "evidence-stored":
      // whoever was told that it is on its way
      askAnew(queries, queryKeys.evidence(message.mediaId));
      break;
    case "plates-changed":
      askAnew(queries, queryKeys.plates);
      break;
    case "stations":
      askAnew(queries, queryKeys.stations);
      break;
    case "media":
      changeHealth(queries, (health) => ({ ...health, media: message.media }));
      break;
    case "model":
      changeHealth(queries, (health) => ({
        ...health,
        models: [...health.models.filter(({ id }) => id !== message.model.id), message.model],
      }));
      break;
    case "models-changed":
      askAnew(queries, queryKeys.models);
      // it tells which files are here
      askAnew(queries, queryKeys.health);
      break;
  }
}

/** Nothing is known before the first answer: one event is not the board. */
function putQueueEvents(queries: QueryClient, events: EventRecord[]): void {
  putTold<QueueBoard>(queries, queryKeys.queues, (board) => board && withQueueEvents(board, events));
}

function putEvents(queries: QueryClient, events: StoredEvent[]): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: queryKeys.allEvents })) {
    const filter = query.queryKey[1] as EventFilter; // every key under allEvents is made by queryKeys.events
    const fitting = events.filter((event) => fits(event, filter));
    if (fitting.length === 0) continue;
    const pages = queries.getQueryData<EventPages>(query.queryKey);
    const isLong = pages && countEvents(pages) > LONGEST_LIST_EVENTS;
    if (isLong) void queries.resetQueries({ queryKey: query.queryKey });
    else putTold<EventPages>(queries, query.queryKey, (known) => known && withNewEvents(known, fitting));
  }
}

function fits(event: StoredEvent, { event_name, not_event_name, camera_id }: EventFilter): boolean {
  return (
    (event_name === undefined || event.event_name === event_name) &&
    !not_event_name?.includes(event.event_name) &&
    (camera_id === undefined || event.camera_id === camera_id)
  );
}

function countEvents({ pages }: EventPages): number {
  return pages.reduce((sum, page) => sum + page.events.length, 0);
}

/** The newest on top, each receipt once: a page fetched meanwhile may hold it already. */
function withNewEvents(list: EventPages, events: StoredEvent[]): EventPages {
  const [first, ...rest] = list.pages;
  if (!first) return list;
  const known = new Set(list.pages.flatMap((page) => page.events.map(({ receipt_id }) => receipt_id)));
  const fresh = events
    .filter(({ receipt_id }) => !known.has(receipt_id))
    .sort((a, b) => Date.parse(b.ts) - Date.parse(a.ts));
  return { ...list, pages: [{ ...first, events: [...fresh, ...first.events] }, ...rest] };
}

/** A list that was never fetched stays so: one camera is not the list. */
function changeCameras(queries: QueryClient, change: (cameras: Camera[]) => Camera[]): void {
  putTold<Camera[]>(queries, queryKeys.cameras, (cameras) => cameras && change(cameras));
}

function putHealth(queries: QueryClient, health: CameraHealth): void {
  putTold<CameraHealth[]>(
    queries,
    queryKeys.camerasHealth,
    (known) => known && putInPlace(known, health, ({ cameraId }) => cameraId),
  );
}

function changeHealth(queries: QueryClient, change: (health: Health) => Health): void {
  putTold<Health>(queries, queryKeys.health, (health) => health && change(health));
}
