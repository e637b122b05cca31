import { isUtf8 } from "node:buffer";
import { Router, raw } from "express";
import { z } from "zod";
import { fillPath, paths } from "#contract/paths.ts";
import {
  type KnownPlate,
  type KnownPlates,
  PlateExportQuery,
  type PlateImport,
  PlateImportQuery,
  PlateInput,
} from "#contract/plates.ts";
import { GatewayError } from "../kernel/errors.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ManagePlates } from "./manage-plates.ts";
import { writePlates } from "./write-plates.ts";

const BODY_LIMIT_BYTES = 16 * 1024;
/** All the plates there may be, with long notes. */
const FILE_LIMIT_BYTES = 4 * 1024 * 1024;
/** Browsers give a CSV file the type of the spreadsheet that is installed. */
const FILE_TYPES = ["text/csv", "text/plain", "application/vnd.ms-excel"];
const PlateId = z.uuid().toLowerCase();

export function plateRoutes({ plates }: { plates: ManagePlates }): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);
  const file = raw({ type: FILE_TYPES, limit: FILE_LIMIT_BYTES });
  // what is no id is another path's: its wrong method must not look like a missing plate
  router.param("id", (_request, _response, next, id) => next(PlateId.safeParse(id).success ? null : "route"));

  router.get(paths.plates, async (_request, response) => {
    response.set("Cache-Control", "no-store").json({ plates: await plates.list() } satisfies KnownPlates);
  });

  router.post(paths.plates, body, async (request, response) => {
    const plate = await plates.add(parseInput(PlateInput, request.body));
    response.status(201).location(fillPath(paths.plate, { id: plate.id }));
    response.json(plate satisfies KnownPlate);
  });

  router.get(paths.platesCsv, async (request, response) => {
    const { separator } = parseInput(PlateExportQuery, request.query, "bad_request");
    const text = writePlates(await plates.list(), separator === "comma" ? "," : ";");
    response.set({ "Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="plates.csv"' });
    response.type("text/csv").send(text);
  });

  router.post(paths.platesCsv, file, async (request, response) => {
    const { list } = parseInput(PlateImportQuery, request.query, "bad_request");
    if (!Buffer.isBuffer(request.body)) {
      throw new GatewayError("unsupported_media_type", "The body must be text/csv.");
    }
    response.json((await plates.import(textOf(request.body), list)) satisfies PlateImport);
  });

  router.put(paths.plate, body, async (request, response) => {
    const plate = await plates.replace(idOf(request.params), parseInput(PlateInput, request.body));
    response.json(plate satisfies KnownPlate);
  });

  router.delete(paths.plate, async (request, response) => {
    await plates.remove(idOf(request.params));
    response.status(204).end();
  });

  return router;
}

const idOf = (params: unknown): string => parseInput(z.object({ id: PlateId }), params, "not_found").id;

/** UTF-8; UTF-16, which a spreadsheet calls "Unicode text"; else what it writes in Western countries. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? "utf-8" : "windows-1252").decode(bytes);
}
