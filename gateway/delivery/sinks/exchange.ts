import { messageOf } from "../../kernel/errors.ts";

export type Ask = {
  method: "GET" | "POST" | "PUT";
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
};

export type Exchanged =
  /** Of the text at most so much as was asked for: where it goes on, JSON breaks off. */
  | { status: "answered"; httpStatus: number; headers: Headers; text: string }
  /** It may have arrived or not: nobody said. `reason` holds nothing of address, headers or body. */
  | { status: "unanswered"; reason: string };

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
    if (!tryAppend(headers, name, value)) {
      return { status: "unanswered", reason: `header ${name} holds characters that HTTP cannot carry` };
    }
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
    if (limits.signal.aborted) return { status: "unanswered", reason: "stopped" };
    if (timeout.aborted) return { status: "unanswered", reason: `no answer within ${limits.timeoutMs} ms` };
    return { status: "unanswered", reason: networkReason(error) };
  }
}

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

/** `fetch failed` says nothing; its cause does. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const message = messageOf(cause);
  return [message.includes(code) ? "" : code, message].filter((part) => part !== "").join(" ") || "no answer";
}
