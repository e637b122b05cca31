import { expect, test } from "vitest";
import { baseUrl, controlUrl } from "./control-url.ts";
import { parseRtspAddress } from "./rtsp-address.ts";

const REQUEST = "rtsp://camera:554/live/1?subtype=0";

test("the base is Content-Base with the host that was asked", () => {
  expect(baseUrl(REQUEST, undefined)).toBe(REQUEST);
  expect(baseUrl(REQUEST, "rtsp://10.0.0.9/live/1/")).toBe("rtsp://camera:554/live/1/");
  expect(baseUrl(REQUEST, "/live/1/")).toBe("rtsp://camera:554/live/1/");
  expect(baseUrl(REQUEST, "nonsense")).toBe(REQUEST);
});

test("relative controls go behind the whole base, its query included", () => {
  expect(controlUrl("rtsp://camera/live", "trackID=0")).toBe("rtsp://camera/live/trackID=0");
  expect(controlUrl("rtsp://camera/live/", "/trackID=0")).toBe("rtsp://camera/live/trackID=0");
  expect(controlUrl("rtsp://camera/live?channel=1&subtype=0", "trackID=0")).toBe(
    "rtsp://camera/live?channel=1&subtype=0/trackID=0",
  );
  expect(controlUrl("rtsp://camera/live", "?track=1")).toBe("rtsp://camera/live?track=1");
});

test("aggregate controls are the base, absolute ones keep their path but not their host", () => {
  expect(controlUrl("rtsp://camera/live/", "*")).toBe("rtsp://camera/live/");
  expect(controlUrl("rtsp://camera/live/", undefined)).toBe("rtsp://camera/live/");
  expect(controlUrl("rtsp://camera:8554/live/", "rtsp://a:b@10.0.0.9/live/video?x=1")).toBe(
    "rtsp://camera:8554/live/video?x=1",
  );
});

test("an address gives up its user and password, decoded, and keeps its query", () => {
  expect(parseRtspAddress("rtsp://us%40er:p%40ss%231@camera/live?subtype=0")).toEqual({
    url: "rtsp://camera/live?subtype=0",
    host: "camera",
    port: 554,
    tls: false,
    user: "us@er",
    password: "p@ss#1",
  });
  expect(parseRtspAddress("rtsps://[::1]/a")).toMatchObject({ host: "::1", port: 322, tls: true });
  expect(parseRtspAddress("rtsp://a:100%25%zz@camera:8554/")).toMatchObject({
    password: "100%25%zz",
    port: 8554,
  });
});

test("what is no RTSP address is refused", () => {
  for (const address of ["http://camera/", "camera", "", "rtsp://"]) {
    expect(() => parseRtspAddress(address)).toThrow("not an rtsp");
  }
});
