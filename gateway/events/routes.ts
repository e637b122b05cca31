import { Router } from "express";
import {
  BATCH_LIMIT,
  type BatchAnswer,
  type EventPage,
  EventQuery,
  type ReceiptAnswer,
} from "#contract/events.ts";
import { paths } from "#contract/paths.ts";
import type { Bus } from "../kernel/bus.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import { type IsStale, refuseStale } from "./refuse-stale.ts";
import type { SearchEvents } from "./search-events.ts";
import { sortBatch } from "./sort-batch.ts";
import type { StoreEvents } from "./store-events.ts";

export type EventRoutesDeps = {
  storeEvents: StoreEvents;
  searchEvents: SearchEvents;
  isStale: IsStale;
  bus: Bus;
};

export function eventRoutes({ storeEvents, searchEvents, isStale, bus }: EventRoutesDeps): Router {
  const router = Router();

  router.post(paths.events, jsonBody(BATCH_LIMIT.bytes), async (request, response) => {
    const { good, refused } = refuseStale(sortBatch(request.body), isStale); // a bad event never spoils its batch
    const { answers, stored } = await storeEvents(good);
    const answer: BatchAnswer = { receipts: inOrder(answers, refused) };
    response.type("json").end(JSON.stringify(answer)); // `json()` would hash it for an ETag that no POST needs
    if (stored.length > 0) bus.emit("events.stored", { events: stored });
  });

  router.get(paths.events, async (request, response) => {
    const query = parseInput(EventQuery, request.query, "bad_request");
    response.json((await searchEvents(query)) satisfies EventPage);
  });

  return router;
}

function inOrder(answers: ReceiptAnswer[], refused: ReceiptAnswer[]): ReceiptAnswer[] {
  if (refused.length === 0) return answers; // they are in order already
  return [...answers, ...refused].sort((a, b) => a.index - b.index);
}
