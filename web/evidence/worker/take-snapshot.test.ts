import { expect, test } from "vitest";
import type { CameraStream } from "#contract/cameras.ts";
import { anId } from "#contract/examples.ts";
import type { KeyFrame } from "./key-frame-wait.ts";
import { createTakeSnapshot } from "./take-snapshot.ts";

const CAMERA = anId();
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const unit = {
  subscriptionId: 1,
  keyFrame: true,
  discontinuity: false,
  replayed: false,
  ptsUs: 0,
  cameraAtMs: 0,
  receivedAtMs: 1_700_000_000_000.6,
  data: new Uint8Array(),
};

function setUp({ gives, decodes }: { gives: CameraStream[]; decodes: CameraStream[] }) {
  const closed: string[] = [];
  const take = createTakeSnapshot({
    async waitForKeyFrame(_cameraId, streams): Promise<KeyFrame | null> {
      const stream = streams.find((one) => gives.includes(one));
      return stream ? { stream, codec: "avc1.42C01E", unit } : null;
    },
    decode: async ({ stream }) =>
      decodes.includes(stream) ? { stream, close: () => void closed.push(stream) } : null,
    encode: async () => ({ bytes: new ArrayBuffer(0), widthPx: 640, heightPx: 360 }),
  });
  return { take, closed };
}

test("the picture has its hash and the instant at which the gateway got it, and the frame is closed", async () => {
  const { take, closed } = setUp({ gives: ["main", "sub"], decodes: ["main", "sub"] });
  expect(await take(CAMERA, ["main", "sub"])).toMatchObject({
    kind: "taken",
    picture: { sha256: EMPTY_SHA256, widthPx: 640, heightPx: 360, takenAtMs: 1_700_000_000_001 },
  });
  expect(closed).toEqual(["main"]);
});

test("a stream that this browser cannot decode gives way to the next", async () => {
  const { take, closed } = setUp({ gives: ["main", "sub"], decodes: ["sub"] });
  expect((await take(CAMERA, ["main", "sub"])).kind).toBe("taken");
  expect(closed).toEqual(["sub"]);
});

test("no picture and no decoder are told apart", async () => {
  const mute = setUp({ gives: [], decodes: ["main"] });
  expect(await mute.take(CAMERA, ["main"])).toEqual({ kind: "failed", failure: "no_picture" });
  const odd = setUp({ gives: ["main", "sub"], decodes: [] });
  expect(await odd.take(CAMERA, ["main", "sub"])).toEqual({ kind: "failed", failure: "unsupported_codec" });
});
