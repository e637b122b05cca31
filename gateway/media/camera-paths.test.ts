import { expect, test } from "vitest";
import { createCameraPaths, toSource } from "./camera-paths.ts";
import type { ControlApi } from "./control-api.ts";
import type { CameraSource } from "./path-names.ts";

function begin() {
  const calls: string[] = [];
  let nowMs = 0;
  const cameraPaths = createCameraPaths({ nowMs: () => nowMs });
  const api: ControlApi = {
    isAlive: async () => true,
    putPath: async (name, source, transport) => void calls.push(`put ${name} ${source} ${transport}`),
    listPaths: async () => [],
    deletePath: async (name) => void calls.push(`delete ${name}`),
  };
  const later = (ms: number) => {
    nowMs += ms;
  };
  return { cameraPaths, api, calls, later };
}

const main = (address: string): CameraSource => ({ stream: "main", address, rtspTransport: "tcp" });
const sub = (address: string): CameraSource => ({ ...main(address), stream: "sub" });

test("a path is added once, and again when its address or transport changed", async () => {
  const { cameraPaths, api, calls } = begin();
  cameraPaths.attach(api);
  await Promise.all([
    cameraPaths.ensure("a", main("rtsp://one/")),
    cameraPaths.ensure("a", main("rtsp://one/")),
  ]);
  await cameraPaths.ensure("a", main("rtsp://two/"));
  await cameraPaths.ensure("a", { ...main("rtsp://two/"), rtspTransport: "udp" });
  expect(calls).toEqual([
    "put a_main rtsp://one/ tcp",
    "put a_main rtsp://two/ tcp",
    "put a_main rtsp://two/ udp",
  ]);
});

test("each stream has its own path, and both go with the camera", async () => {
  const { cameraPaths, api, calls } = begin();
  cameraPaths.attach(api);
  await cameraPaths.ensure("a", main("rtsp://a/1"));
  await cameraPaths.ensure("a", sub("rtsp://a/2"));
  await cameraPaths.remove("a");
  await cameraPaths.remove("a");
  expect(calls).toEqual([
    "put a_main rtsp://a/1 tcp",
    "put a_sub rtsp://a/2 tcp",
    "delete a_main",
    "delete a_sub",
  ]);
});

test("a MediaMTX that was started again gets a path when it is asked for, and not before", async () => {
  const { cameraPaths, api, calls } = begin();
  cameraPaths.attach(api);
  await cameraPaths.ensure("a", main("rtsp://a/"));
  cameraPaths.detach();
  await expect(cameraPaths.ensure("a", main("rtsp://a/"))).rejects.toMatchObject({
    code: "media_unavailable",
  });
  calls.length = 0;
  cameraPaths.attach(api);
  expect(calls).toEqual([]);
  await cameraPaths.ensure("a", main("rtsp://a/"));
  expect(calls).toEqual(["put a_main rtsp://a/ tcp"]);
});

test("a stream that fails is told to who waits, taken away, and brought back by who asks next", async () => {
  const { cameraPaths, api, calls } = begin();
  cameraPaths.attach(api);
  await cameraPaths.ensure("a", main("rtsp://a/"));
  const waiting = cameraPaths.untilFailed("a_main", new AbortController().signal);
  cameraPaths.failed("a_main", "dial tcp: connection refused");
  await expect(waiting).rejects.toMatchObject({
    code: "camera_unreachable",
    message: "The camera gives no picture: dial tcp: connection refused",
  });
  await cameraPaths.ensure("a", main("rtsp://a/"));
  expect(calls).toEqual(["put a_main rtsp://a/ tcp", "delete a_main", "put a_main rtsp://a/ tcp"]);
});

test("a wrong password is not sent again for a minute, for neither stream; another one at once", async () => {
  const { cameraPaths, api, calls, later } = begin();
  cameraPaths.attach(api);
  await cameraPaths.ensure("a", main("rtsp://u:wrong@a/1"));
  cameraPaths.failed("a_main", "bad status code: 401 (Unauthorized)");
  for (const again of [main("rtsp://u:wrong@a/1"), sub("rtsp://u:wrong@a/2")]) {
    await expect(cameraPaths.ensure("a", again)).rejects.toMatchObject({ code: "camera_unreachable" });
  }
  await cameraPaths.ensure("a", main("rtsp://u:right@a/1"));
  expect(calls.at(-1)).toBe("put a_main rtsp://u:right@a/1 tcp");

  cameraPaths.failed("a_main", "bad status code: 401 (Unauthorized)");
  later(60_000);
  await cameraPaths.ensure("a", main("rtsp://u:right@a/1"));
});

test("a reason never carries a password", async () => {
  const { cameraPaths, api } = begin();
  cameraPaths.attach(api);
  await cameraPaths.ensure("a", main("rtsp://a/"));
  const waiting = cameraPaths.untilFailed("a_main", new AbortController().signal);
  cameraPaths.failed("a_main", "rtsp://u:hunter2@a/ is away");
  await expect(waiting).rejects.toThrow("rtsp://***@a/ is away");
});

test("a path that MediaMTX refuses is told", async () => {
  const { cameraPaths, api } = begin();
  cameraPaths.attach({ ...api, putPath: () => Promise.reject(new Error("not a valid URL")) });
  await expect(cameraPaths.ensure("a", main("rtsp://a/"))).rejects.toThrow(
    "MediaMTX did not take the camera: not a valid URL",
  );
});

test.each([
  ["rtsp://user:100%@cam:554/a?b=1", "rtsp://user:100%25@cam:554/a?b=1"],
  ["rtsp://user:p%40ss@cam/", "rtsp://user:p%40ss@cam/"],
  ["rtsp://us er:ä@cam/", "rtsp://us%20er:%C3%A4@cam/"],
  ["rtsp://cam/", "rtsp://cam/"],
])("the address %s is given as %s", (address, source) => {
  expect(toSource(address)).toBe(source);
});
