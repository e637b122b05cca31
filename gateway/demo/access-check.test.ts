import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createAccessCheck } from "./access-check.ts";
import type { RtspRequest } from "./rtsp-message.ts";

const credentials = { user: "loja", password: "s3nha çedilha" };
const uri = "rtsp://127.0.0.1/cam0";
const realm = "Guarita demo camera";

const request = (authorization?: string): RtspRequest => ({
  method: "DESCRIBE",
  uri,
  headers: new Map(authorization === undefined ? [] : [["authorization", authorization]]),
});

const hash = (name: string, text: string): string => createHash(name).update(text).digest("hex");
const nonceOf = (challenge = ""): string => /nonce="([^"]+)"/.exec(challenge)?.[1] ?? "";

test("the right password passes by MD5 digest, a wrong one and none do not", () => {
  const access = createAccessCheck(credentials, ["digest-md5"]);
  const nonce = nonceOf(access.challenges()[0]);
  const answer = (password: string): string => {
    const response = hash(
      "md5",
      `${hash("md5", `loja:${realm}:${password}`)}:${nonce}:${hash("md5", `DESCRIBE:${uri}`)}`,
    );
    return `Digest username="loja", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`;
  };

  expect(access.passes(request(answer(credentials.password)))).toBe(true);
  expect(access.passes(request(answer("wrong")))).toBe(false);
  expect(access.passes(request())).toBe(false);
});

test("SHA-256 with qop counts the client's nonce in", () => {
  const access = createAccessCheck(credentials, ["digest-sha256"]);
  const nonce = nonceOf(access.challenges()[0]);
  const secret = hash("sha256", `loja:${realm}:${credentials.password}`);
  const answer = (cnonce: string): string => {
    const response = hash(
      "sha256",
      `${secret}:${nonce}:00000001:abc:auth:${hash("sha256", `DESCRIBE:${uri}`)}`,
    );
    return `Digest username="loja", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"`;
  };

  expect(access.passes(request(answer("abc")))).toBe(true);
  expect(access.passes(request(answer("other")))).toBe(false);
});

test("a scheme that is not offered is not accepted", () => {
  const inBasic = request(`Basic ${Buffer.from(`loja:${credentials.password}`).toString("base64")}`);
  expect(createAccessCheck(credentials, ["basic"]).passes(inBasic)).toBe(true);
  expect(createAccessCheck(credentials, ["digest-md5"]).passes(inBasic)).toBe(false);
});

test("a nonce of another connection is not accepted", () => {
  const [one, other] = [
    createAccessCheck(credentials, ["digest-md5"]),
    createAccessCheck(credentials, ["digest-md5"]),
  ];
  expect(nonceOf(one.challenges()[0])).not.toBe(nonceOf(other.challenges()[0]));
});
