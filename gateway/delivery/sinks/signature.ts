import { createHmac } from "node:crypto";

export const SIGNATURE_HEADER = "x-guarita-signature";

/**
 * `t=<Unix time in seconds>,v1=<hex>`, where hex is HMAC-SHA256 with the shared key over the text of `t`, a full stop and
 * the JSON body as it is before compression. A receiver computes the same over what it read, compares in constant time
 * (`crypto.timingSafeEqual`), and refuses what is older than five minutes, so that nothing overheard is played back
 * later. A new way of signing would get a name beside `v1`.
 */
export function signatureOf(body: string, key: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1_000);
  return `t=${t},v1=${createHmac("sha256", key).update(`${t}.${body}`).digest("hex")}`;
}
