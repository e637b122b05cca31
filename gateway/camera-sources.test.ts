import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { MediaState } from "#contract/system.ts";
import { createCameraSources } from "./camera-sources.ts";
import type { StoredCamera } from "./cameras/manage-cameras.ts";

const MAIN = "rtsp://u:p@10.0.0.9/main";
const SUB = "rtsp://u:p@10.0.0.9/sub";
const THROUGH_MEDIA = "rtsp://127.0.0.1/path";

function sources(overrides: Partial<StoredCamera> = {}, status: MediaState["status"] = "running") {
  const camera: StoredCamera = {
    id: anId(),
    name: "Caixa 1",
    place: "",
    mainAddress: MAIN,
    subAddress: SUB,
    singleConnection: false,
    rtspTransport: "udp",
    analysed: true,
    queueThreshold: 3,
    demo: false,
    createdAtMs: 0,
    ...overrides,
  };
  const asked: unknown[] = [];
  const made = createCameraSources({
    cameras: { stored: (id) => (id === camera.id ? camera : undefined) },
    media: {
      state: () => ({ status }),
      async rtspAddress(_, source) {
        asked.push(source);
        return THROUGH_MEDIA;
      },
    },
  });
  return { ...made, id: camera.id, asked };
}

test("each stream has its own address, for MediaMTX and for a tap", async () => {
  const { id, ofCamera, forTap, transportForTap } = sources();
  expect(ofCamera(id, "main")).toEqual({ stream: "main", address: MAIN, rtspTransport: "udp" });
  expect(ofCamera(id, "sub")).toEqual({ stream: "sub", address: SUB, rtspTransport: "udp" });
  expect([await forTap(id, "main"), await forTap(id, "sub")]).toEqual([MAIN, SUB]);
  expect(transportForTap(id)).toBe("udp");
});

test.each([null, MAIN])(
  "a camera whose sub address is %s has one stream for both sizes",
  async (subAddress) => {
    const { id, ofCamera, forTap } = sources({ subAddress });
    expect(ofCamera(id, "sub")?.stream).toBe("main");
    expect([await forTap(id, "main"), await forTap(id, "sub")]).toEqual([MAIN, undefined]);
  },
);

test("a camera that allows one connection is pulled by MediaMTX, and tapped from there", async () => {
  const { id, ofCamera, forTap, transportForTap, asked } = sources({ singleConnection: true });
  const main = { stream: "main", address: MAIN, rtspTransport: "udp" };
  expect(ofCamera(id, "sub")).toEqual(main);
  expect([await forTap(id, "main"), await forTap(id, "sub")]).toEqual([THROUGH_MEDIA, undefined]);
  expect(asked).toEqual([main]);
  expect(transportForTap(id)).toBe("tcp");
});

test("without MediaMTX such a camera is tapped itself, as it wants to be read", async () => {
  const { id, forTap, transportForTap } = sources({ singleConnection: true }, "missing");
  expect(await forTap(id, "main")).toBe(MAIN);
  expect(transportForTap(id)).toBe("udp");
});

test("a camera that is gone has no address", async () => {
  const { ofCamera, forTap } = sources();
  expect([ofCamera(anId(), "main"), await forTap(anId(), "main")]).toEqual([undefined, undefined]);
});
