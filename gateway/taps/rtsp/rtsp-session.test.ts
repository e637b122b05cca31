import { createServer as createTlsServer } from "node:tls";
import { afterEach, expect, test, vi } from "vitest";
import type { RtspTransport } from "#contract/cameras.ts";
import type { CameraFailure } from "../camera-failure.ts";
import { manualClock } from "../manual-clock.memory.ts";
import {
  type FakeCamera,
  type FakeCameraOptions,
  reply,
  startFakeCamera,
} from "./fake-rtsp-camera.memory.ts";
import { openRtspSession } from "./rtsp-session.ts";

/** A busy machine may need long; the visible result is what counts. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Made for this test, for the name "camera", valid for a hundred years. */
const SELF_SIGNED = {
  key: pem(
    "PRIVATE KEY",
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtrYM8LRHHJcF27HZtOFXAk8rj6QU9xVDOb/+CVQxpSGhRANC" +
      "AAS4HX2Lyo1XThyBprWnVxB758odpAnfllUP8kys5gAep6QTQJNpl0/mTY1vhDJswmG2y+c8ftp9T74PVJMDT9wk",
  ),
  cert: pem(
    "CERTIFICATE",
    "MIIBeTCCAR+gAwIBAgIUBH+tICMEClupGhHJsf4TXOIOOlUwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGY2FtZXJhMCAXDTI2" +
      "MTEyMTEwNTI0M1oYDzIxMjYxMDI4MTA1MjQzWjARMQ8wDQYDVQQDDAZjYW1lcmEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC" +
      "AAS4HX2Lyo1XThyBprWnVxB758odpAnfllUP8kys5gAep6QTQJNpl0/mTY1vhDJswmG2y+c8ftp9T74PVJMDT9wko1MwUTAd" +
      "BgNVHQ4EFgQUPNlaKNBmsygcWdNshTyQAr0SNycwHwYDVR0jBBgwFoAUPNlaKNBmsygcWdNshTyQAr0SNycwDwYDVR0TAQH/" +
      "BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAx0EyV84lEI6IOscZFeBOM7u/wpXNVZpvgp4krWfWbWoCIAbnI/ruUZrqZR7i" +
      "wXscvoUzrq0C4o7baTZYzC/sgerT",
  ),
};
function pem(kind: string, base64: string): string {
  return `-----BEGIN ${kind}-----\n${base64}\n-----END ${kind}-----\n`;
}

async function aCamera(options?: FakeCameraOptions): Promise<FakeCamera> {
  const camera = await startFakeCamera(options);
  cleanups.push(camera.stop);
  return camera;
}

function play(address: string, transport: RtspTransport = "tcp") {
  const time = manualClock();
  const seen = { playing: false, rtp: 0, rtcp: 0, failures: [] as CameraFailure[] };
  const session = openRtspSession({
    address,
    transport,
    clock: time.clock,
    onVideo: () => undefined,
    onPlaying: () => {
      seen.playing = true;
    },
    onRtp: () => {
      seen.rtp += 1;
    },
    onRtcp: () => {
      seen.rtcp += 1;
    },
    onEnded: (failure) => seen.failures.push(failure),
  });
  cleanups.push(session.stop);
  return { session, seen, time };
}
const playing = (seen: { playing: boolean }) => until(() => expect(seen.playing).toBe(true));
const failed = async (seen: { failures: CameraFailure[] }) => {
  await until(() => expect(seen.failures).toHaveLength(1));
  return seen.failures[0];
};

test("video alone is set up over TCP and played, on the channels the camera gives", async () => {
  const camera = await aCamera({ contentBase: "rtsp://10.0.0.9/live/" });
  const { seen } = play(camera.address());
  await playing(seen);
  expect(camera.methods()).toEqual(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]);
  expect(camera.requests[2]).toMatchObject({ url: `rtsp://127.0.0.1:${camera.port}/live/trackID=0` });
  expect(camera.requests[3]).toMatchObject({ url: `rtsp://127.0.0.1:${camera.port}/live/` });
  expect(camera.requests[3]?.headers.get("session")).toBe("12345");
  camera.picture(true);
  camera.report(1_700_000_000_000);
  await until(() => expect(seen).toMatchObject({ rtp: 1, rtcp: 1 }));
});

test.each(["basic", "md5", "sha256"] as const)("a password is proven by %s when asked", async (auth) => {
  const camera = await aCamera({ user: "admin", password: "p@ss word", auth });
  const { seen } = play(camera.address("live", "admin", "p%40ss%20word"));
  await playing(seen);
  expect(camera.methods().filter((method) => method === "OPTIONS")).toHaveLength(2);
});

test("rtsps is played from a camera that signed its own certificate, and over TCP though UDP is chosen", async () => {
  const camera = await aCamera({ server: createTlsServer({ key: SELF_SIGNED.key, cert: SELF_SIGNED.cert }) });
  const { seen } = play(camera.address().replace("rtsp:", "rtsps:"), "udp");
  await playing(seen);
  camera.picture(true);
  await until(() => expect(seen.rtp).toBe(1));
  const plain = play(camera.address());
  expect(["protocol", "refused"]).toContain((await failed(plain.seen))?.fault);
});

test("a wrong password is sent once", async () => {
  const camera = await aCamera({ user: "admin", password: "right", auth: "md5", nonces: ["a", "b", "c"] });
  const { seen } = play(camera.address("live", "admin", "wrong"));
  expect(await failed(seen)).toMatchObject({ fault: "unauthorized" });
  expect(camera.requests.filter(({ headers }) => headers.has("authorization"))).toHaveLength(1);
});

test("a camera that wants a password where there is none is unauthorized", async () => {
  const camera = await aCamera({ user: "admin", password: "right", auth: "md5" });
  const { seen } = play(camera.address());
  expect(await failed(seen)).toMatchObject({ fault: "unauthorized" });
  expect(camera.requests).toHaveLength(1);
});

test("the session is kept alive before half its timeout, with a new nonce where the old one is stale", async () => {
  const camera = await aCamera({
    user: "admin",
    password: "right",
    auth: "md5",
    nonces: ["a", "b"],
    session: "777;timeout=20",
  });
  const { seen, time } = play(camera.address("live", "admin", "right"));
  await playing(seen);
  time.advance(9_000);
  await until(() => expect(camera.methods().filter((m) => m === "GET_PARAMETER")).toHaveLength(1));
  camera.renewNonce();
  time.advance(9_000);
  await until(() => expect(camera.methods().filter((m) => m === "GET_PARAMETER")).toHaveLength(3));
  expect(camera.requests.at(-1)?.headers.get("session")).toBe("777");
  expect(camera.requests.at(-1)?.headers.get("authorization")).toContain('nonce="b"');
  expect(seen.failures).toEqual([]);
});

test("a camera without GET_PARAMETER is kept alive by OPTIONS", async () => {
  const camera = await aCamera({ publicMethods: "OPTIONS, DESCRIBE" });
  const { seen, time } = play(camera.address());
  await playing(seen);
  time.advance(25_000);
  await until(() => expect(camera.methods().at(-1)).toBe("OPTIONS"));
});

test("a session that the camera has forgotten is dropped", async () => {
  const camera = await aCamera({
    answer: ({ method }) => (method === "GET_PARAMETER" ? reply("454 Session Not Found") : undefined),
  });
  const { seen, time } = play(camera.address());
  await playing(seen);
  time.advance(25_000);
  expect(await failed(seen)).toMatchObject({ fault: "dropped" });
});

test.each([
  ["404 Not Found", "not_found"],
  ["403 Forbidden", "unauthorized"],
  ["453 Not Enough Bandwidth", "refused"],
  ["503 Service Unavailable", "refused"],
  ["461 Unsupported Transport", "protocol"],
])("an answer of %s is the fault %s", async (status, fault) => {
  const camera = await aCamera({
    answer: ({ method }) => (method === "DESCRIBE" ? reply(status) : undefined),
  });
  const { seen } = play(camera.address());
  const failure = await failed(seen);
  expect(failure?.fault).toBe(fault);
  expect(failure?.message).toContain(status);
});

test.each([
  ["m=audio 0 RTP/AVP 0", "no_video"],
  ["m=video 0 RTP/AVP 26", "unsupported_codec"],
])("a description with %s is the fault %s", async (sdp, fault) => {
  const camera = await aCamera({ sdp });
  const { seen } = play(camera.address());
  expect((await failed(seen))?.fault).toBe(fault);
});

test("a camera that takes the connection and says nothing is named after 3 s", async () => {
  const camera = await aCamera({ answer: () => "mute" });
  const { seen, time } = play(camera.address());
  await until(() => expect(camera.methods()).toEqual(["OPTIONS"]));
  time.advance(2_999);
  expect(seen.failures).toEqual([]);
  time.advance(1);
  expect(await failed(seen)).toMatchObject({ fault: "timeout" });
});

test("a camera that describes itself slowly has 8 s, and is named then", async () => {
  const camera = await aCamera({ answer: ({ method }) => (method === "DESCRIBE" ? "mute" : undefined) });
  const { seen, time } = play(camera.address());
  await until(() => expect(camera.methods()).toEqual(["OPTIONS", "DESCRIBE"]));
  time.advance(7_999);
  expect(seen.failures).toEqual([]);
  time.advance(1);
  expect(await failed(seen)).toMatchObject({ fault: "timeout" });
});

test("closing before any answer is a refusal, closing after is a drop", async () => {
  const refusing = await aCamera({ answer: () => "drop" });
  expect((await failed(play(refusing.address()).seen))?.fault).toBe("refused");
  const camera = await aCamera();
  const { seen } = play(camera.address());
  await playing(seen);
  camera.drop();
  expect((await failed(seen))?.fault).toBe("dropped");
});

test("a port that nobody listens on is a refusal", async () => {
  const camera = await startFakeCamera();
  await camera.stop();
  expect((await failed(play(camera.address()).seen))?.fault).toBe("refused");
});

test("requests of the camera are answered, and noise ends the session", async () => {
  const camera = await aCamera();
  const { seen } = play(camera.address());
  await playing(seen);
  camera.raw("OPTIONS rtsp://gateway RTSP/1.0\r\nCSeq: 1\r\n\r\n");
  camera.picture(true);
  await until(() => expect(seen.rtp).toBe(1));
  camera.raw(Buffer.from([1, 2, 3, 4]));
  expect(await failed(seen)).toMatchObject({ fault: "protocol" });
});

test("noise right behind the answer to PLAY ends the session, and nothing of it is left", async () => {
  const camera = await aCamera({
    answer: ({ method }) => (method === "PLAY" ? `${reply("200 OK")}\u0001\u0002\u0003` : undefined),
  });
  const { seen, time } = play(camera.address());
  expect(await failed(seen)).toMatchObject({ fault: "protocol" });
  await new Promise(setImmediate);
  expect([seen.playing, time.pending()]).toEqual([false, 0]);
});

test("stopping says goodbye and tells no fault", async () => {
  const camera = await aCamera();
  const { seen, session, time } = play(camera.address());
  await playing(seen);
  session.stop();
  await until(() => expect(camera.methods().at(-1)).toBe("TEARDOWN"));
  await until(() => expect(camera.open()).toBe(0));
  expect(seen.failures).toEqual([]);
  expect(time.pending()).toBe(0);
});
