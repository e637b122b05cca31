import { z } from "zod";
import type { RtspTransport } from "#contract/cameras.ts";
import { maskAddresses } from "../kernel/logger.ts";
import type { Credentials } from "./mediamtx-config.ts";

const TIMEOUT_MS = 3_000;

/** MediaMTX says in `error` why it refuses. */
export const Refusal = z.object({ error: z.string() });

/** A path's state under the names that MediaMTX gave it from 1.5 to 1.21; what is missing is not told. */
const PathState = z
  .object({
    name: z.string(),
    ready: z.boolean().optional(),
    available: z.boolean().optional(),
    bytesReceived: z.number().optional(),
    inboundBytes: z.number().optional(),
    readers: z.array(z.object({ type: z.string() })).nullish(),
  })
  .transform((path) => ({
    name: path.name,
    /** The source is there and described itself. */
    isReady: path.available ?? path.ready ?? false,
    /** Since the source is there; undefined when this MediaMTX does not tell. */
    receivedBytes: path.inboundBytes ?? path.bytesReceived,
    /** Kinds of readers: `webRTCSession`, `rtspSession`, `hlsMuxer`, `hlsSession`, and `hidden` for an HLS muxer. */
    readers: (path.readers ?? []).map(({ type }) => type),
  }));
export type ListedPath = z.infer<typeof PathState>;

const PathStates = z.object({ items: z.array(z.unknown()) });
/** All on one page: two paths for each of more cameras than anybody has. */
const LIST_QUERY = "?itemsPerPage=10000&page=0";

export type ControlApi = ReturnType<typeof createControlApi>;

export const basicAuthorization = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** MediaMTX's control API, as far as Guarita uses it. Calls reject when it does not answer or refuses. */
export function createControlApi(port: number, credentials: Credentials) {
  type Answer = { ok: boolean; reason: string; text: string };

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${port}/v3${path}`, {
      method,
      headers: { authorization: basicAuthorization(credentials) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, reason: response.ok ? "" : reasonIn(text, response.status), text };
  }
  const configOf = (action: string, name: string) => `/config/paths/${action}/${encodeURIComponent(name)}`;

  return {
    /** Whether MediaMTX is up and takes our password. */
    async isAlive(): Promise<boolean> {
      return call("GET", "/config/global/get").then(
        ({ ok }) => ok,
        () => false,
      );
    },
    /** Adds a path that pulls `source` while somebody reads it. One of that name is replaced, its readers cut off. */
    async putPath(name: string, source: string, rtspTransport: RtspTransport): Promise<void> {
      const path = {
        source,
        rtspTransport,
        sourceOnDemand: true,
        sourceOnDemandCloseAfter: "30s",
      };
      const added = await call("POST", configOf("add", name), path);
      if (added.ok) return;
      if (!/already exists/.test(added.reason)) throw new Error(added.reason);
      const replaced = await call("POST", configOf("replace", name), path);
      if (!replaced.ok) throw new Error(replaced.reason);
    },
    /** A path whose state cannot be understood is left out. */
    async listPaths(): Promise<ListedPath[]> {
      const { ok, reason, text } = await call("GET", `/paths/list${LIST_QUERY}`);
      if (!ok) throw new Error(reason);
      return PathStates.parse(JSON.parse(text)).items.flatMap((item) => PathState.safeParse(item).data ?? []);
    },
    /** Removing what is not there is no error. */
    async deletePath(name: string): Promise<void> {
      await call("DELETE", configOf("delete", name));
    },
  };
}

/** What MediaMTX gave as the reason, without the passwords it quotes. */
export function reasonIn(body: string, status: number): string {
  try {
    return maskAddresses(Refusal.parse(JSON.parse(body)).error);
  } catch {
    return `MediaMTX answered ${status}`; // 1.5 answers some requests without a reason
  }
}
