import { expect, test } from "vitest";
import { tryBuildAddress } from "./camera-address.ts";

const build = (address: string, user = "", password = "") => tryBuildAddress({ address, user, password });

test("a password with every awkward sign comes back from the address as it was typed", () => {
  const password = "p@ss:w/o#rd?%41 ç";
  const url = new URL(build("rtsp://192.168.0.20:554/stream1", "loja@caixa", password) ?? "");
  expect(decodeURIComponent(url.password)).toBe(password);
  expect(decodeURIComponent(url.username)).toBe("loja@caixa");
  expect(url.host).toBe("192.168.0.20:554");
  expect(url.pathname).toBe("/stream1");
});

test("the fields win over what stands in the address, and empty fields leave it", () => {
  expect(build("rtsp://old:secret@cam/1", "new", "other")).toBe("rtsp://new:other@cam/1");
  expect(build("rtsp://old:secret@cam/1")).toBe("rtsp://old:secret@cam/1");
});

test("rtsp:// may be left out", () => {
  expect(build(" 10.0.0.7/live ")).toBe("rtsp://10.0.0.7/live");
  expect(build("cam.local:8554/live")).toBe("rtsp://cam.local:8554/live");
});

test("what is no RTSP address is none", () => {
  for (const address of ["", "http://cam/1", "rtsp://", "rtsp:///path", "rtsp://a b/"])
    expect(build(address)).toBe(null);
});
