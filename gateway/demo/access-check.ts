import { createHash, randomBytes } from "node:crypto";
import type { RtspRequest } from "./rtsp-message.ts";

/** `digest-md5` is RFC 2069, what cameras speak; `digest-sha256` is RFC 7616 with qop=auth. */
export type AccessScheme = "basic" | "digest-md5" | "digest-sha256";

export type Credentials = { user: string; password: string };

export type AccessCheck = {
  /** Values of the WWW-Authenticate headers, in the order the schemes were given. */
  challenges(): string[];
  passes(request: RtspRequest): boolean;
};

const REALM = "Guarita demo camera";

/** One per connection: its nonce is good for this connection only. Without credentials everybody passes. */
export function createAccessCheck(
  credentials: Credentials | undefined,
  schemes: AccessScheme[],
): AccessCheck {
  const nonce = randomBytes(16).toString("hex");

  function challenge(scheme: AccessScheme): string {
    if (scheme === "basic") return `Basic realm="${REALM}"`;
    const digest = `Digest realm="${REALM}", nonce="${nonce}"`;
    return scheme === "digest-md5" ? digest : `${digest}, algorithm=SHA-256, qop="auth"`;
  }

  function passes({ method, headers }: RtspRequest): boolean {
    if (credentials === undefined) return true;
    const given = headers.get("authorization") ?? "";
    if (/^basic /i.test(given))
      return schemes.includes("basic") && given.slice(6).trim() === basic(credentials);
    if (!/^digest /i.test(given)) return false;
    const fields = digestFields(given);
    const scheme: AccessScheme = /^SHA-256$/i.test(fields.get("algorithm") ?? "")
      ? "digest-sha256"
      : "digest-md5";
    return (
      schemes.includes(scheme) &&
      fields.get("username") === credentials.user &&
      fields.get("nonce") === nonce &&
      fields.get("response") === digestResponse(scheme, credentials, method, fields)
    );
  }

  return { challenges: () => schemes.map(challenge), passes };
}

function basic({ user, password }: Credentials): string {
  return Buffer.from(`${user}:${password}`).toString("base64");
}

function digestResponse(
  scheme: AccessScheme,
  { user, password }: Credentials,
  method: string,
  fields: Map<string, string>,
): string {
  const hash = (text: string): string =>
    createHash(scheme === "digest-sha256" ? "sha256" : "md5")
      .update(text)
      .digest("hex");
  const field = (name: string): string => fields.get(name) ?? "";
  // MediaMTX answers in the older form, without qop, even where it is offered
  const quality = fields.has("qop") ? [field("nc"), field("cnonce"), field("qop")] : [];
  const secret = hash(`${user}:${REALM}:${password}`);
  return hash([secret, field("nonce"), ...quality, hash(`${method}:${field("uri")}`)].join(":"));
}

/** `Digest a="x", b=y` as a map; names in lower case. */
function digestFields(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = "", quoted, bare] of header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    fields.set(name.toLowerCase(), quoted ?? bare ?? "");
  }
  return fields;
}
