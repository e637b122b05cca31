import type { z } from "zod";
import { ErrorAnswer } from "#contract/errors.ts";
import { ApiError } from "./api-error.ts";

export type CallsDeps = {
  fetch: typeof fetch;
  /** A gateway that accepts a connection and says nothing counts as unreachable after this. */
  timeoutMs?: number;
};

type Call = {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  file?: { type: string; content: Blob };
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
};

/** Calls to the gateway. Every one rejects with ApiError, or with the signal's reason when aborted. */
export function createCalls({ fetch, timeoutMs = 10_000 }: CallsDeps) {
  async function send(path: string, call: Call): Promise<Response> {
    const { method = "GET", body, file, signal } = call;
    const request: RequestInit = { method, signal: withTimeout(signal, call.timeoutMs ?? timeoutMs) };
    if (body !== undefined) {
      request.headers = { "content-type": "application/json" };
      request.body = JSON.stringify(body);
    }
    if (file) {
      request.headers = { "content-type": file.type };
      request.body = file.content;
    }
    const response = await fetch(path, request).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new ApiError("unreachable", "the gateway does not answer", { cause });
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function ask<T extends z.ZodType>(answer: T, path: string, call: Call = {}): Promise<z.output<T>> {
    const response = await send(path, call);
    const json: unknown = await response.json().catch((cause: unknown) => {
      call.signal?.throwIfAborted();
      throw new ApiError("bad_answer", `no JSON from ${path}`, { cause });
    });
    const parsed = answer.safeParse(json);
    if (!parsed.success)
      throw new ApiError("bad_answer", `unexpected answer from ${path}`, { cause: parsed.error });
    return parsed.data;
  }

  /** For answers that say nothing. */
  async function tell(path: string, call: Call): Promise<void> {
    const response = await send(path, call);
    await response.body?.cancel();
  }

  return { ask, tell };
}
export type Calls = ReturnType<typeof createCalls>;

function withTimeout(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

export function withQuery(path: string, query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The gateway gives seconds; a proxy may give a date, which nobody here waits for. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get("retry-after");
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1_000 : null;
}

/** A refusal in the contract's form keeps its code; anything else (a proxy's page) is a bad answer. */
async function refusal(response: Response): Promise<ApiError> {
  const parsed = ErrorAnswer.safeParse(await response.json().catch(() => null));
  if (parsed.success) {
    const { code, message, traceId, present } = parsed.data.error;
    return new ApiError(code, message, { traceId, present, retryAfterMs: retryAfterMs(response) });
  }
  // 502 to 504 come from a proxy before a gateway that is down
  const isDown = [502, 503, 504].includes(response.status);
  return new ApiError(isDown ? "unreachable" : "bad_answer", `HTTP ${response.status}`);
}
