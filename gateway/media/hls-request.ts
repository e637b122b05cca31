import { GatewayError } from "../kernel/errors.ts";

/** The only files of an HLS stream: playlists, initialisation, segments and parts. */
const HLS_FILE = /^[\w-][\w.-]{0,120}\.(m3u8|mp4|ts|m4s)$/;

/** What a player asks with: the session MediaMTX named in the playlist, and what low-latency HLS defines. */
const QUERY_VALUES: Record<string, RegExp> = {
  session: /^[\w-]{1,64}$/,
  _HLS_msn: /^\d{1,12}$/,
  _HLS_part: /^\d{1,6}$/,
  _HLS_skip: /^(YES|v2)$/,
};
const MAX_QUERY_CHARACTERS = 1024;

/** Throws `not_found` for what is no part of a stream. */
export function hlsFile(file: unknown): string {
  if (typeof file === "string" && HLS_FILE.test(file)) return file;
  throw new GatewayError("not_found", "There is no such file in an HLS stream.");
}

/** What of a query, given without `?`, MediaMTX gets to see: what it knows and nothing else. Throws `bad_request`. */
export function hlsQuery(query: string): URLSearchParams {
  if (query.length > MAX_QUERY_CHARACTERS) throw new GatewayError("bad_request", "The query is too long.");
  const passed = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(query)) {
    const form = Object.hasOwn(QUERY_VALUES, name) ? QUERY_VALUES[name] : undefined;
    if (form === undefined) continue;
    if (!form.test(value) || passed.has(name)) {
      throw new GatewayError("bad_request", `The query's ${name} makes no sense.`);
    }
    passed.set(name, value);
  }
  return passed;
}
