import { type RequestHandler, type Response, Router, raw } from "express";
import { z } from "zod";
import {
  EVIDENCE_HEADER,
  EVIDENCE_LIMIT,
  type EvidenceAnswer,
  type EvidenceData,
  EvidenceFacts,
  Sha256,
  SnapshotRequest,
  type SnapshotTicket,
} from "#contract/evidence.ts";
import { paths } from "#contract/paths.ts";
import { GatewayError } from "../kernel/errors.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { Evidence } from "./evidence.ts";
import type { EvidenceRow } from "./store-evidence.ts";

export type EvidenceRoutesDeps = {
  evidence: Pick<Evidence, "store" | "find" | "ask" | "keptUntilMs"> & {
    files: Pick<Evidence["files"], "pathOf">;
  };
  /** Throws `not_found` for a camera that is none. */
  findCamera: (id: string) => unknown;
  nowMs: () => number;
};

const REQUEST_LIMIT_BYTES = 4 * 1024;
/** What the disk lacks is not there a second later. */
const RETRY_AFTER_S = 30;
/** Until there are accounts nobody has a name. */
const REQUESTED_BY = "page";

const MediaId = z.object({ mediaId: z.uuid().toLowerCase() });
const CameraId = z.object({ id: z.uuid().toLowerCase() });

export function evidenceRoutes({ evidence, findCamera, nowMs }: EvidenceRoutesDeps): Router {
  const router = Router();

  router.put(paths.evidence, onlyJpeg, readPicture, async (request, response) => {
    const { mediaId } = parseInput(MediaId, request.params, "bad_request");
    const sha256 = parseInput(Sha256, request.get(EVIDENCE_HEADER.sha256), "bad_request");
    const facts = readFacts(request.get(EVIDENCE_HEADER.facts));
    const bytes: unknown = request.body;
    if (!(bytes instanceof Uint8Array)) throw new GatewayError("invalid_body", "There is no picture.");
    try {
      const answer = await evidence.store({ mediaId, sha256, facts, bytes });
      response.status(answer.outcome === "stored" ? 201 : 200).json(answer satisfies EvidenceAnswer);
    } catch (error) {
      tellWhenToRetry(error, response);
      throw error;
    }
  });

  router.get(paths.evidence, async (request, response, next) => {
    const row = await findKept(request.params);
    const headers = {
      "Content-Type": "image/jpeg",
      "Content-Disposition": `inline; filename="${row.mediaId}.jpg"`,
      // its bytes never change; but no cache may keep it longer than the gateway does
      "Cache-Control": `private, max-age=${secondsLeft(row)}, immutable`,
      ETag: `"${row.sha256}"`,
    };
    const options = {
      dotfiles: "allow",
      cacheControl: false,
      etag: false,
      lastModified: false,
      headers,
    } as const;
    response.sendFile(evidence.files.pathOf(row.file), options, (error) => {
      if (!error || response.headersSent) return; // the reader went away
      const isMissing = "code" in error && error.code === "ENOENT";
      next(isMissing ? goneError() : error);
    });
  });

  router.get(paths.evidenceData, async (request, response) => {
    const { file: _, sweptAtMs: __, ...data } = await findKept(request.params);
    response.set("Cache-Control", "no-store").json(data satisfies EvidenceData);
  });

  router.post(paths.cameraSnapshot, jsonBody(REQUEST_LIMIT_BYTES), async (request, response) => {
    const { id } = parseInput(CameraId, request.params, "not_found");
    findCamera(id);
    const { reason } = parseInput(SnapshotRequest, request.body);
    const asked = await evidence.ask(id, reason, REQUESTED_BY);
    if (asked.kind === "wait") {
      const waitS = Math.ceil(asked.waitMs / 1_000);
      response.set("Retry-After", String(waitS));
      const whose = asked.limit === "camera" ? "this camera" : "this store";
      throw new GatewayError(
        "too_many_requests",
        `A picture of ${whose} may be asked for again in ${waitS} s.`,
      );
    }
    response.status(201).json(asked.ticket satisfies SnapshotTicket);
  });

  async function findKept(params: unknown): Promise<EvidenceRow> {
    const { mediaId } = parseInput(MediaId, params, "not_found");
    const row = await evidence.find(mediaId);
    if (!row) throw new GatewayError("not_found", "There is no such picture here.");
    if (row.sweptAtMs !== null) throw goneError();
    return row;
  }

  const secondsLeft = ({ storedAtMs }: EvidenceRow): number =>
    Math.max(0, Math.floor((evidence.keptUntilMs(storedAtMs) - nowMs()) / 1_000));

  return router;
}

const readPicture = raw({ type: () => true, limit: EVIDENCE_LIMIT.bytes, inflate: false });

const onlyJpeg: RequestHandler = (request, _response, next) => {
  if (request.is("image/jpeg")) return next();
  throw new GatewayError("unsupported_media_type", "A picture must be image/jpeg.");
};

function readFacts(header: string | undefined): EvidenceFacts {
  let json: unknown;
  try {
    json = JSON.parse(header ?? "");
  } catch (cause) {
    throw new GatewayError("bad_request", `The header ${EVIDENCE_HEADER.facts} is not JSON.`, { cause });
  }
  const facts = parseInput(EvidenceFacts, json, "bad_request");
  return { ...facts, cameraId: facts.cameraId.toLowerCase() };
}

function tellWhenToRetry(error: unknown, response: Response): void {
  const isDisk = error instanceof GatewayError && error.code === "storage_unavailable";
  if (isDisk) response.set("Retry-After", String(RETRY_AFTER_S));
}

const goneError = () => new GatewayError("gone", "This picture is no longer kept.");
