import { z } from "zod";
import { ErrorAnswer, type ErrorCode } from "#contract/errors.ts";
import { EvidenceAnswer, EvidenceFacts, evidenceHeaders } from "#contract/evidence.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { answeredWith, failureSentence } from "../lib/gateway-failure.ts";
import type { WaitingRow } from "./evidence-db.ts";

/** What became of one try to bring a picture. */
export type PutOutcome =
  /** The gateway has it on disk. */
  | { kind: "stored" }
  /** It will never be taken: because of what it is, not of the way. */
  | { kind: "refused"; reason: string }
  /** This picture met a fault of the gateway's; others may not. */
  | { kind: "stumbled"; reason: string }
  /** No picture would pass now. `retryAfterMs`: the gateway asked for at least that wait. */
  | { kind: "away"; reason: string; retryAfterMs: number };

/** Never rejects. */
export type PutPicture = (row: WaitingRow, bytes: ArrayBuffer, signal: AbortSignal) => Promise<PutOutcome>;

type PutPictureDeps = { fetch: typeof fetch; timeoutMs?: number };

const BLAMES_PICTURE = new Set<ErrorCode>([
  "bad_request",
  "invalid_body",
  "body_too_large",
  "unsupported_media_type",
  "conflict",
]);
const LONGEST_RETRY_AFTER_MS = 3_600_000;

export function createPutPicture({ fetch, timeoutMs = 60_000 }: PutPictureDeps): PutPicture {
  return async function putPicture(row, bytes, signal) {
    const facts = tryReadFacts(row.facts);
    if (!facts) return { kind: "refused", reason: "The row in this browser cannot be read." };
    try {
      const response = await fetch(fillPath(paths.evidence, { mediaId: row.mediaId }), {
        method: "PUT",
        headers: evidenceHeaders(row.sha256, facts),
        body: bytes,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const answer: unknown = await response.json().catch(() => undefined); // no JSON is told apart below
      if (!response.ok) return readRefusal(response, answer);
      const isIts = EvidenceAnswer.safeParse(answer).data?.mediaId === row.mediaId;
      return isIts ? { kind: "stored" } : away(failureSentence({ kind: "unreadable" }));
    } catch {
      return away(failureSentence({ kind: "unreachable" }));
    }
  };
}

function readRefusal(response: Response, answer: unknown): PutOutcome {
  const code = ErrorAnswer.safeParse(answer).data?.error.code;
  const reason = answeredWith(response.status, code);
  if (code && BLAMES_PICTURE.has(code)) return { kind: "refused", reason };
  if (code === "internal") return { kind: "stumbled", reason };
  const seconds =
    z.coerce
      .number()
      .min(0)
      .safeParse(response.headers.get("retry-after") ?? undefined).data ?? 0;
  return away(reason, Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS));
}

const away = (reason: string, retryAfterMs = 0): PutOutcome => ({ kind: "away", reason, retryAfterMs });

function tryReadFacts(json: string): EvidenceFacts | null {
  try {
    return EvidenceFacts.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null; // written by another version, or half
  }
}
