import { request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ErrorAnswer } from "#contract/errors.ts";
import {
  EVIDENCE_HEADER,
  EVIDENCE_LIMIT,
  EvidenceData,
  evidenceHeaders,
  SnapshotTicket,
} from "#contract/evidence.ts";
import { anId } from "#contract/examples.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { GatewayError } from "../kernel/errors.ts";
import { errorHandler, notFound } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import type { Evidence } from "./evidence.ts";
import { type EvidenceHarness, evidenceHarness } from "./harness.memory.ts";
import { aJpeg, shaOf, someFacts } from "./jpeg.memory.ts";
import { evidenceRoutes } from "./routes.ts";

const CAMERA = anId();
const DAY_MS = 24 * 3_600_000;

let run: EvidenceHarness;
let evidence: Evidence;
let server: Server;
let isDiskFull = false;

beforeAll(async () => {
  run = await evidenceHarness();
  evidence = run.start();
  const app = express();
  app.use(
    evidenceRoutes({
      evidence: {
        ...evidence,
        store(picture) {
          if (isDiskFull) throw new GatewayError("storage_unavailable", "full");
          return evidence.store(picture);
        },
      },
      findCamera(id) {
        if (id !== CAMERA) throw new GatewayError("not_found", "There is no such camera.");
      },
      nowMs: () => run.nowMs,
    }),
    notFound,
    errorHandler(silentLogger()),
  );
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await run.close();
});

type Answer = { status: number; headers: Record<string, unknown>; bytes: Buffer };
type Ask = { method?: string; headers?: Record<string, string>; body?: Buffer | string };

/** Not `fetch`, which would tidy the paths that these tests break. */
function ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: "127.0.0.1", port, path, method, headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(parts),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const codeOf = ({ bytes }: Answer): string => ErrorAnswer.parse(JSON.parse(String(bytes))).error.code;
const pictureAt = (mediaId: string) => fillPath(paths.evidence, { mediaId });

function put(mediaId: string, bytes: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const given = { ...evidenceHeaders(shaOf(bytes), someFacts({ cameraId: CAMERA })), ...headers };
  return ask(pictureAt(mediaId), { method: "PUT", headers: given, body: bytes });
}

test("a picture comes back as it was brought, for caches to keep as long as the gateway does", async () => {
  const id = anId();
  const bytes = aJpeg({ fill: "as it was" });
  expect((await put(id, bytes)).status).toBe(201);
  expect((await put(id.toUpperCase(), bytes)).status).toBe(200);
  const answer = await ask(pictureAt(id));
  expect(answer.bytes).toEqual(bytes);
  expect(answer.headers).toMatchObject({
    "content-type": "image/jpeg",
    "cache-control": `private, max-age=${30 * 24 * 3_600}, immutable`,
    etag: `"${shaOf(bytes)}"`,
    "content-disposition": `inline; filename="${id}.jpg"`,
  });
});

test("what was found in it comes back as data, in any letters", async () => {
  const id = anId();
  const bytes = aJpeg({ fill: "with data" });
  const facts = someFacts({ cameraId: CAMERA, reason: "ação no caixa 🛒" });
  await put(id, bytes, evidenceHeaders(shaOf(bytes), facts));
  const answer = await ask(fillPath(paths.evidenceData, { mediaId: id }));
  expect(EvidenceData.parse(JSON.parse(String(answer.bytes)))).toMatchObject({
    ...facts,
    mediaId: id,
    widthPx: 64,
    heightPx: 48,
    sizeBytes: bytes.length,
  });
  expect(JSON.parse(String(answer.bytes))).not.toHaveProperty("file");
});

test("a picture that never came is not found, one whose time is over is gone", async () => {
  const id = anId();
  await put(id, aJpeg({ fill: "old" }));
  expect(codeOf(await ask(pictureAt(anId())))).toBe("not_found");
  await run.database.db.updateTable("evidence").set({ swept_at_ms: 1 }).where("media_id", "=", id).execute();
  for (const path of [pictureAt(id), fillPath(paths.evidenceData, { mediaId: id })]) {
    expect((await ask(path)).status).toBe(410);
  }
});

test("a picture whose file was taken away by hand is gone too, and no cache is told otherwise", async () => {
  const id = anId();
  await put(id, aJpeg({ fill: "taken away" }));
  const row = await evidence.find(id);
  await evidence.files.remove(row?.file ?? "");
  const answer = await ask(pictureAt(id));
  expect(answer.status).toBe(410);
  expect(String(answer.headers["cache-control"] ?? "")).not.toContain("immutable");
});

test("what is not a picture, not its hash, too large or compressed is refused", async () => {
  const bytes = aJpeg();
  const png = Buffer.from("89504e470d0a1a0a0000", "hex");
  const huge = aJpeg({ fill: "x".repeat(EVIDENCE_LIMIT.bytes) });
  expect(codeOf(await put(anId(), png))).toBe("unsupported_media_type");
  expect(codeOf(await put(anId(), bytes, { "content-type": "text/html" }))).toBe("unsupported_media_type");
  expect(codeOf(await put(anId(), bytes, { "content-encoding": "gzip" }))).toBe("unsupported_media_type");
  expect(codeOf(await put(anId(), huge))).toBe("body_too_large");
  expect(codeOf(await put(anId(), bytes, { [EVIDENCE_HEADER.sha256]: "0".repeat(64) }))).toBe("invalid_body");
  expect(codeOf(await put(anId(), bytes, { [EVIDENCE_HEADER.sha256]: "../../etc" }))).toBe("bad_request");
  expect(codeOf(await put(anId(), bytes, { [EVIDENCE_HEADER.facts]: "no json" }))).toBe("bad_request");
  const manyBoxes = someFacts({ boxes: Array(41).fill(someFacts().boxes[0]) });
  expect(codeOf(await put(anId(), bytes, evidenceHeaders(shaOf(bytes), manyBoxes)))).toBe("bad_request");
});

test("another picture under a known id is a conflict", async () => {
  const id = anId();
  await put(id, aJpeg({ fill: "one" }));
  expect(codeOf(await put(id, aJpeg({ fill: "two" })))).toBe("conflict");
});

test("an id that is no UUID reaches no file, whatever it says", async () => {
  const before = run.files();
  const ids = [
    "..%2f..%2fsecret.key",
    "....",
    "%2e%2e",
    "a",
    "00000000-0000-0000-0000-00000000000g",
    "%00",
    "x".repeat(300),
  ];
  for (const id of ids) {
    const got = await ask(`/api/media/${id}`);
    expect(got.status).toBe(404);
    const bytes = aJpeg();
    const given = evidenceHeaders(shaOf(bytes), someFacts());
    const sent = await ask(`/api/media/${id}`, { method: "PUT", headers: given, body: bytes });
    expect([400, 404]).toContain(sent.status);
  }
  await fc.assert(
    fc.asyncProperty(fc.webPath({ size: "small" }), async (path) => {
      expect((await ask(`/api/media/..${path}`)).status).toBeGreaterThanOrEqual(400);
    }),
    { numRuns: 30 },
  );
  expect(run.files()).toEqual(before);
});

test("a disk that is full says when to try again", async () => {
  isDiskFull = true;
  const answer = await put(anId(), aJpeg());
  isDiskFull = false;
  expect(answer.status).toBe(503);
  expect(codeOf(answer)).toBe("storage_unavailable");
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
});

test("a snapshot is granted, a second one within 10 s is refused with the rest of the wait", async () => {
  const path = fillPath(paths.cameraSnapshot, { id: CAMERA });
  const post = (body: unknown) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const first = await post({ reason: "person" });
  expect(first.status).toBe(201);
  const ticket = SnapshotTicket.parse(JSON.parse(String(first.bytes)));
  expect(ticket).toMatchObject({ madeBy: "asker", validUntilMs: run.nowMs + 7 * DAY_MS });
  run.nowMs += 3_500;
  const second = await post({ reason: "person" });
  expect(second.status).toBe(429);
  expect(codeOf(second)).toBe("too_many_requests");
  expect(second.headers["retry-after"]).toBe("7");
  expect(codeOf(await post({}))).toBe("invalid_body");
});

test("of a camera that is none there is no snapshot", async () => {
  for (const id of [anId(), "..%2f..", "cam0"]) {
    const headers = { "content-type": "application/json" };
    const answer = await ask(`/api/cameras/${id}/snapshot`, {
      method: "POST",
      headers,
      body: '{"reason":"x"}',
    });
    expect(codeOf(answer)).toBe("not_found");
  }
});
