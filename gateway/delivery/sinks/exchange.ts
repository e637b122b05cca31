import type { SinkTrouble } from "#contract/sink-troubles.ts";
import { networkTrouble } from "./network-trouble.ts";

export type Ask = {
  method: "GET" | "POST" | "PUT";
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
};

export type Exchanged =
  /** Of the text at most so much as was asked for: where it goes on, JSON breaks off. */
  | { status: "answered"; httpStatus: number; headers: Headers; text: string }
  /** It may have arrived or not: nobody said. `trouble` holds nothing of path, query, headers or body. */
  | { status: "unanswered"; trouble: SinkTrouble };

export type ExchangeLimits = { timeoutMs: number; answerBytes: number; signal: AbortSignal };

/** Headers that belong to the connection, or that say what the body is: nobody sets them by configuration. */
const RESERVED =
  /^(host|connection|keep-alive|transfer-encoding|upgrade|expect|te|trailer|proxy-.*|content-.*)$/;

/** `ours` win over `custom`, whatever the case of their letters; what HTTP itself needs cannot be set at all. */
export function mergeHeaders(
  custom: Record<string, string>,
  ours: Record<string, string>,
): Record<string, string> {
  const lowered = Object.entries(custom).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...Object.fromEntries(lowered.filter(([name]) => !RESERVED.test(name))), ...ours };
}

/**
 * One request. Redirects are not followed: what is sent goes, with its secrets, to the address that was configured and
 * to no other. Never rejects. An answer that breaks off is no answer.
 */
export async function exchange(ask: Ask, limits: ExchangeLimits): Promise<Exchanged> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(ask.headers)) {
    if (!tryAppend(headers, name, value)) return unanswered({ code: "bad_header", detail: name });
  }
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await fetch(ask.url, {
      method: ask.method,
      headers,
      redirect: "manual",
      signal: AbortSignal.any([limits.signal, timeout]),
      ...(ask.body !== undefined && { body: ask.body }),
    });
    const text = await readUpTo(response.body, limits.answerBytes);
    return { status: "answered", httpStatus: response.status, headers: response.headers, text };
  } catch (error) {
    if (limits.signal.aborted) return unanswered({ code: "stopped" });
    if (timeout.aborted) return unanswered({ code: "no_answer_in_time", detail: `${limits.timeoutMs} ms` });
    // `fetch failed` says nothing; its cause does
    return unanswered(networkTrouble(error instanceof Error && error.cause ? error.cause : error));
  }
}

const unanswered = (trouble: SinkTrouble): Exchanged => ({ status: "unanswered", trouble });

/** The message of what `append` throws would hold the value, which may be a secret. */
function tryAppend(headers: Headers, name: string, value: string): boolean {
  try {
    headers.append(name, value);
    return true;
  } catch {
    return false;
  }
}

async function readUpTo(body: Response["body"], maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) break; // cancels the rest
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
