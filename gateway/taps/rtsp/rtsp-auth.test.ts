import { expect, test } from "vitest";
import { createAuthorizer, parseChallenges } from "./rtsp-auth.ts";

/** The example of RFC 7616, 3.9.1. */
const RFC_7616 = {
  challenge: (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  credentials: {
    user: "Mufasa",
    password: "Circle of Life",
    makeCnonce: () => "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  },
};

function proof(challenge: string, credentials = RFC_7616.credentials): string {
  const authorizer = createAuthorizer(credentials);
  expect(authorizer.challenged([challenge])).toBe("retry");
  return authorizer.headerFor("GET", "/dir/index.html") ?? "";
}

test("MD5 and SHA-256 proofs with qop are those of RFC 7616", () => {
  expect(proof(RFC_7616.challenge("MD5"))).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
  const sha256 = proof(RFC_7616.challenge("SHA-256"));
  expect(sha256).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  expect(sha256).toContain("algorithm=SHA-256");
  expect(sha256).toContain("qop=auth, nc=00000001, cnonce=");
  expect(sha256).toContain('opaque="FQhe');
});

test("a proof without qop is that of RFC 2069, as most cameras ask for", () => {
  const header = proof('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"', {
    user: "Mufasa",
    password: "CircleOfLife",
    makeCnonce: () => "unused",
  });
  expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
  expect(header).not.toContain("cnonce");
});

test("a Basic proof is user and password in base64", () => {
  expect(proof('Basic realm="camera"')).toBe("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl");
});

test("the strongest offer that is understood is taken", () => {
  const offers = [
    'Basic realm="a"',
    'Digest realm="a", nonce="1"',
    'Digest realm="a", nonce="2", algorithm=SHA-256',
  ];
  expect(parseChallenges(offers)).toMatchObject([{ hash: "sha256" }, { hash: "md5" }, { scheme: "basic" }]);
  expect(parseChallenges([offers.join(", ")])).toMatchObject([
    { hash: "sha256", nonce: "2" },
    { hash: "md5", nonce: "1" },
    { scheme: "basic" },
  ]);
  const unknown = [
    'Digest realm="a", nonce="1", algorithm=SHA-512-256',
    'Digest realm="a", nonce="1", qop="auth-int"',
  ];
  expect(parseChallenges([...unknown, "Bearer x"])).toEqual([]);
});

test("each request with one nonce has the next count", () => {
  const authorizer = createAuthorizer(RFC_7616.credentials);
  authorizer.challenged([RFC_7616.challenge("MD5")]);
  expect(authorizer.headerFor("OPTIONS", "rtsp://camera/")).toContain("nc=00000001");
  expect(authorizer.headerFor("DESCRIBE", "rtsp://camera/")).toContain("nc=00000002");
});

test("a refused password is not sent again", () => {
  const authorizer = createAuthorizer(RFC_7616.credentials);
  expect(authorizer.challenged(['Digest realm="a", nonce="1"'])).toBe("retry");
  expect(authorizer.challenged(['Digest realm="a", nonce="2"'])).toBe("refused");
  const basic = createAuthorizer(RFC_7616.credentials);
  expect(basic.challenged(['Basic realm="a"'])).toBe("retry");
  expect(basic.challenged(['Basic realm="a"'])).toBe("refused");
});

test("a nonce that grew old is replaced", () => {
  const stale = createAuthorizer(RFC_7616.credentials);
  stale.challenged(['Digest realm="a", nonce="1"']);
  expect(stale.challenged(['Digest realm="a", nonce="2", stale=TRUE'])).toBe("retry");

  const proven = createAuthorizer(RFC_7616.credentials);
  proven.challenged(['Digest realm="a", nonce="1"']);
  proven.accepted();
  expect(proven.challenged(['Digest realm="a", nonce="2"'])).toBe("retry");
  expect(proven.headerFor("PLAY", "rtsp://camera/")).toContain('nonce="2"');
});

test("without a user nothing is tried", () => {
  expect(createAuthorizer({ user: "", password: "" }).challenged(['Basic realm="a"'])).toBe("refused");
});
