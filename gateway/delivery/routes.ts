import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import { z } from "zod";
import { fillPath, paths } from "#contract/paths.ts";
import {
  NewSink,
  ParkedCorrection,
  ParkedDiscard,
  type ParkedEvent,
  type ParkedMoved,
  type ParkedPage,
  ParkedQuery,
  ParkedRetry,
  type Sink,
  SinkChange,
  type SinkList,
  SinkPause,
  SinkRemoveQuery,
  type SinkTest,
} from "#contract/sinks.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { Delivery } from "./delivery.ts";

const BODY_LIMIT_BYTES = 64 * 1024;
/** A corrected event may be as large as one that comes in. */
const CORRECTION_LIMIT_BYTES = 1_048_576;
const EXPORT_PAGE = 500;
const SinkId = z.uuid().toLowerCase();
const ParkedId = z.object({ id: SinkId, seq: z.coerce.number().int().min(1) });

type Deps = { delivery: Omit<Delivery, "start" | "stop"> };

export function deliveryRoutes({ delivery }: Deps): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);
  // what is no id is no sink, but its wrong method is still a wrong method
  router.param("id", (_request, _response, next, id) => next(SinkId.safeParse(id).success ? null : "route"));

  router.get(paths.sinks, async (_request, response) => {
    response.set("Cache-Control", "no-store").json({ sinks: await delivery.list() } satisfies SinkList);
  });
  router.post(paths.sinks, body, async (request, response) => {
    const sink = await delivery.add(parseInput(NewSink, request.body));
    response.status(201).location(fillPath(paths.sink, { id: sink.id }));
    response.json(sink satisfies Sink);
  });
  router.get(paths.sink, async (request, response) => {
    const sink = await delivery.find(idOf(request.params));
    response.set("Cache-Control", "no-store").json(sink satisfies Sink);
  });
  router.put(paths.sink, body, async (request, response) => {
    const sink = await delivery.change(idOf(request.params), parseInput(SinkChange, request.body));
    response.json(sink satisfies Sink);
  });
  router.delete(paths.sink, async (request, response) => {
    const { discard } = parseInput(SinkRemoveQuery, request.query, "bad_request");
    await delivery.remove(idOf(request.params), { discard: discard === "true" });
    response.status(204).end();
  });
  router.post(paths.sinkPause, body, async (request, response) => {
    const { isPaused } = parseInput(SinkPause, request.body);
    response.json((await delivery.pause(idOf(request.params), isPaused)) satisfies Sink);
  });
  router.post(paths.sinkTest, async (request, response) => {
    response.json((await delivery.test(idOf(request.params))) satisfies SinkTest);
  });
  addParkedRoutes(router, { delivery });
  return router;
}

function addParkedRoutes(router: Router, { delivery }: Deps): void {
  const body = jsonBody(BODY_LIMIT_BYTES);

  router.get(paths.sinkParked, async (request, response) => {
    const { cursor = null, limit } = parseInput(ParkedQuery, request.query, "bad_request");
    const page = await delivery.parked(idOf(request.params), { before: cursor, limit });
    response.set("Cache-Control", "no-store").json(page satisfies ParkedPage);
  });
  router.post(paths.sinkParkedRetry, body, async (request, response) => {
    const { seqs } = parseInput(ParkedRetry, request.body);
    const count = await delivery.retry(idOf(request.params), seqs);
    response.json({ count } satisfies ParkedMoved);
  });
  router.post(paths.sinkParkedDiscard, body, async (request, response) => {
    const { seqs, reason } = parseInput(ParkedDiscard, request.body);
    const count = await delivery.discard(idOf(request.params), seqs, reason);
    response.json({ count } satisfies ParkedMoved);
  });
  router.get(paths.sinkParkedExport, async (request, response) => {
    const id = idOf(request.params);
    await delivery.find(id); // a sink that is not there is refused before the first line
    response.set({
      "Cache-Control": "no-store",
      "Content-Disposition": 'attachment; filename="parked.jsonl"',
    });
    response.type("application/x-ndjson");
    await pipeline(Readable.from(parkedLines(delivery, id)), response).catch((error: unknown) => {
      if (!response.destroyed) throw error; // otherwise whoever asked went away
    });
  });
  router.put(paths.sinkParkedOne, jsonBody(CORRECTION_LIMIT_BYTES), async (request, response) => {
    const { id, seq } = parseInput(ParkedId, request.params, "not_found");
    const corrected = await delivery.correct(id, seq, parseInput(ParkedCorrection, request.body));
    response.json(corrected satisfies ParkedEvent);
  });
}

const idOf = (params: unknown): string => parseInput(z.object({ id: SinkId }), params, "not_found").id;

/** Each parked event as a line of JSON, the latest first; a page at a time is in memory. */
async function* parkedLines(delivery: Deps["delivery"], id: string): AsyncGenerator<string> {
  let before: number | null = null;
  do {
    const { parked, nextCursor }: ParkedPage = await delivery.parked(id, { before, limit: EXPORT_PAGE });
    yield parked.map((event) => `${JSON.stringify(event)}\n`).join("");
    before = nextCursor;
  } while (before !== null);
}
