import { createHash, randomBytes } from "node:crypto";

type HashName = "md5" | "sha256";
export type Challenge =
  | { scheme: "basic" }
  | {
      scheme: "digest";
      realm: string;
      nonce: string;
      opaque: string | undefined;
      /** As the camera wrote it, to be given back; absent means MD5. */
      algorithm: string | undefined;
      hash: HashName;
      /** `-sess`: the first hash covers the nonces too. */
      perSession: boolean;
      qopAuth: boolean;
      stale: boolean;
    };

/** What WWW-Authenticate headers offer, strongest first, without what is not understood. */
export function parseChallenges(headers: string[]): Challenge[] {
  const rank = (challenge: Challenge) =>
    challenge.scheme === "basic" ? 2 : challenge.hash === "md5" ? 1 : 0;
  return headers
    .flatMap((header) => header.split(/,?\s*(?=\b(?:digest|basic)\s+\w+\s*=)/i))
    .map(parseChallenge)
    .filter((challenge) => challenge !== undefined)
    .sort((a, b) => rank(a) - rank(b));
}

function parseChallenge(text: string): Challenge | undefined {
  const scheme = /^\s*(digest|basic)\b/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "basic") return { scheme };
  if (scheme !== "digest") return undefined;
  const values = new Map<string, string>();
  for (const [, name = "", quoted, bare] of text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]*))/g)) {
    values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  }
  const algorithm = values.get("algorithm");
  const known = /^(md5|sha-256)(-sess)?$/i.exec(algorithm ?? "MD5");
  const qops = values.get("qop")?.split(/[\s,]+/) ?? [];
  const qopAuth = qops.some((qop) => qop.toLowerCase() === "auth");
  if (!known || (qops.some((qop) => qop !== "") && !qopAuth)) return undefined;
  return {
    scheme,
    realm: values.get("realm") ?? "",
    nonce: values.get("nonce") ?? "",
    opaque: values.get("opaque"),
    algorithm,
    hash: known[1]?.toLowerCase() === "md5" ? "md5" : "sha256",
    perSession: known[2] !== undefined,
    qopAuth,
    stale: values.get("stale")?.toLowerCase() === "true",
  };
}

/** Proves user and password to one camera over one connection (RFC 7616, 7617, and RFC 2069 without qop). */
export function createAuthorizer(deps: { user: string; password: string; makeCnonce?: () => string }) {
  const { user, password } = deps;
  const makeCnonce = deps.makeCnonce ?? (() => randomBytes(8).toString("hex"));
  let challenge: Challenge | undefined;
  let nonceCount = 0;
  let proven = false;

  /**
   * After a 401. A password that was refused is never sent again: cameras lock their users. Only a nonce that grew old
   * allows another try.
   */
  function challenged(headers: string[]): "retry" | "refused" {
    const [offered] = parseChallenges(headers);
    if (!offered || user === "") return "refused";
    const sent = challenge;
    challenge = offered;
    nonceCount = 0;
    if (!sent) return "retry";
    if (offered.scheme !== "digest" || sent.scheme !== "digest") return "refused";
    return offered.nonce !== sent.nonce && (offered.stale || proven) ? "retry" : "refused";
  }

  function headerFor(method: string, uri: string): string | undefined {
    if (!challenge) return undefined;
    if (challenge.scheme === "basic") return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const { realm, nonce, opaque, algorithm, hash, perSession, qopAuth } = challenge;
    const digest = (text: string) => createHash(hash).update(text).digest("hex");
    const cnonce = makeCnonce();
    const secret = digest(`${user}:${realm}:${password}`);
    const ha1 = perSession ? digest(`${secret}:${nonce}:${cnonce}`) : secret;
    const ha2 = digest(`${method}:${uri}`);
    nonceCount += 1;
    const nc = nonceCount.toString(16).padStart(8, "0");
    const response = digest(`${ha1}:${nonce}:${qopAuth ? `${nc}:${cnonce}:auth:` : ""}${ha2}`);
    return [
      `Digest username="${quote(user)}", realm="${quote(realm)}", nonce="${quote(nonce)}"`,
      `uri="${uri}", response="${response}"`,
      ...(opaque === undefined ? [] : [`opaque="${quote(opaque)}"`]),
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(qopAuth ? [`qop=auth, nc=${nc}`] : []),
      ...(qopAuth || perSession ? [`cnonce="${cnonce}"`] : []),
    ].join(", ");
  }

  return {
    challenged,
    headerFor,
    /** A request with the password was answered well. */
    accepted(): void {
      if (challenge) proven = true;
    },
  };
}
export type Authorizer = ReturnType<typeof createAuthorizer>;

const quote = (text: string): string => text.replace(/["\\]/g, "\\$&");
