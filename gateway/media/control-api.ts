import { z } from "zod";
import { maskAddresses } from "../kernel/logger.ts";
import type { Credentials } from "./mediamtx-config.ts";

const TIMEOUT_MS = 3_000;

/** MediaMTX says in `error` why it refuses. */
export const Refusal = z.object({ error: z.string() });

export type ControlApi = ReturnType<typeof createControlApi>;

export const basicAuthorization = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** MediaMTX's control API, as far as Guarita uses it. Calls reject when it does not answer or refuses. */
export function createControlApi(port: number, credentials: Credentials) {
  async function call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ ok: boolean; reason: string }> {
    const response = await fetch(`http://127.0.0.1:${port}/v3${path}`, {
      method,
      headers: { authorization: basicAuthorization(credentials) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, reason: response.ok ? "" : reasonIn(text, response.status) };
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
    async putPath(name: string, source: string): Promise<void> {
      const path = {
        source,
        rtspTransport: "tcp",
        sourceOnDemand: true,
        sourceOnDemandCloseAfter: "30s",
      };
      const added = await call("POST", configOf("add", name), path);
      if (added.ok) return;
      if (!/already exists/.test(added.reason)) throw new Error(added.reason);
      const replaced = await call("POST", configOf("replace", name), path);
      if (!replaced.ok) throw new Error(replaced.reason);
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
