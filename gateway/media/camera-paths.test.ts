import { expect, test } from "vitest";
import { createCameraPaths, toSource } from "./camera-paths.ts";
import type { ControlApi } from "./control-api.ts";

function begin() {
  const calls: string[] = [];
  let nowMs = 0;
  const cameraPaths = createCameraPaths({ nowMs: () => nowMs });
  const api: ControlApi = {
    isAlive: async () => true,
    putPath: async (name, source) => void calls.push(`put ${name} ${source}`),
    deletePath: async (name) => void calls.push(`delete ${name}`),
  };
  const later = (ms: number) => {
    nowMs += ms;
  };
  return { cameraPaths, api, calls, later };
}

test("a path is added once, and again when its address changed", async () => {
  const { cameraPaths, api, calls } = begin();
  await cameraPaths.attach(api);
  await Promise.all([cameraPaths.ensure("a", "rtsp://one/"), cameraPaths.ensure("a", "rtsp://one/")]);
  await cameraPaths.ensure("a", "rtsp://two/");
  expect(calls).toEqual(["put a rtsp://one/", "put a rtsp://two/"]);
});

test("a MediaMTX that was started again gets all that is still wanted", async () => {
  const { cameraPaths, api, calls } = begin();
  await cameraPaths.attach(api);
  await cameraPaths.ensure("a", "rtsp://a/");
  await cameraPaths.ensure("b", "rtsp://b/");
  await cameraPaths.remove("b");
  cameraPaths.detach();
  await expect(cameraPaths.ensure("c", "rtsp://c/")).rejects.toMatchObject({ code: "media_unavailable" });
  calls.length = 0;
  await cameraPaths.attach(api);
  expect(calls).toEqual(["put a rtsp://a/", "put c rtsp://c/"]);
});

test("a camera that fails is told to who waits, taken away, and brought back by who asks next", async () => {
  const { cameraPaths, api, calls } = begin();
  await cameraPaths.attach(api);
  await cameraPaths.ensure("a", "rtsp://a/");
  const waiting = cameraPaths.untilFailed("a", new AbortController().signal);
  cameraPaths.failed("a", "dial tcp: connection refused");
  await expect(waiting).rejects.toMatchObject({
    code: "camera_unreachable",
    message: "The camera gives no picture: dial tcp: connection refused",
  });
  await cameraPaths.ensure("a", "rtsp://a/");
  expect(calls).toEqual(["put a rtsp://a/", "delete a", "put a rtsp://a/"]);
});

test("a wrong password is not sent again for a minute, another one at once", async () => {
  const { cameraPaths, api, calls, later } = begin();
  await cameraPaths.attach(api);
  await cameraPaths.ensure("a", "rtsp://u:wrong@a/");
  cameraPaths.failed("a", "bad status code: 401 (Unauthorized)");
  await expect(cameraPaths.ensure("a", "rtsp://u:wrong@a/")).rejects.toMatchObject({
    code: "camera_unreachable",
  });
  await cameraPaths.ensure("a", "rtsp://u:right@a/");
  expect(calls.at(-1)).toBe("put a rtsp://u:right@a/");

  cameraPaths.failed("a", "bad status code: 401 (Unauthorized)");
  later(60_000);
  await cameraPaths.ensure("a", "rtsp://u:right@a/");
});

test("a reason never carries a password", async () => {
  const { cameraPaths, api } = begin();
  await cameraPaths.attach(api);
  await cameraPaths.ensure("a", "rtsp://a/");
  const waiting = cameraPaths.untilFailed("a", new AbortController().signal);
  cameraPaths.failed("a", "rtsp://u:hunter2@a/ is away");
  await expect(waiting).rejects.toThrow("rtsp://***@a/ is away");
});

test("a path that MediaMTX refuses is told", async () => {
  const { cameraPaths, api } = begin();
  await cameraPaths.attach({ ...api, putPath: () => Promise.reject(new Error("not a valid URL")) });
  await expect(cameraPaths.ensure("a", "rtsp://a/")).rejects.toThrow(
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
