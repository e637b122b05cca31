import { expect, test } from "vitest";
import { CameraChange, NewCamera } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import { changeOf, checks, emptyForm, formOf, losesSecret, newCameraOf } from "./camera-form.ts";

test("a filled form is a camera of the contract, with the password in both addresses", () => {
  const camera = newCameraOf({
    ...emptyForm(),
    name: "Caixa 1",
    address: "cam/main",
    subAddress: "cam/sub",
    user: "loja",
    password: "a/b",
  });
  expect(NewCamera.parse(camera)).toMatchObject({
    mainAddress: "rtsp://loja:a%2Fb@cam/main",
    subAddress: "rtsp://loja:a%2Fb@cam/sub",
    queueThreshold: 3,
  });
});

test("a form nobody touched changes nothing, least of all the stored password", () => {
  const camera = aCamera({ place: "Entrance", subAddress: "rtsp://127.0.0.1:8554/sub" });
  expect(changeOf(formOf(camera), camera)).toEqual({});
});

test("a new password sends the address again, and only that", () => {
  const camera = aCamera({ mainAddress: "rtsp://cam/main" });
  const change = changeOf({ ...formOf(camera), user: "loja", password: "nova" }, camera);
  expect(CameraChange.parse(change)).toEqual({ mainAddress: "rtsp://loja:nova@cam/main" });
});

test("a person is warned before an address goes out without the password it had", () => {
  const camera = aCamera({ mainAddress: "rtsp://cam/main", hasPassword: true });
  const form = formOf(camera);
  expect(losesSecret(form, camera)).toBe(false);
  expect(losesSecret({ ...form, address: "rtsp://cam/other" }, camera)).toBe(true);
  expect(losesSecret({ ...form, subAddress: "rtsp://cam/sub" }, camera)).toBe(true);
  expect(losesSecret({ ...form, address: "rtsp://cam/other", user: "loja" }, camera)).toBe(false);
});

test("the way of the pictures is TCP until a person chooses, and a change of it alone sends no address", () => {
  expect(newCameraOf({ ...emptyForm(), name: "Caixa 1", address: "cam" }).rtspTransport).toBe("tcp");
  const camera = aCamera({ rtspTransport: "udp" });
  expect(changeOf(formOf(camera), camera)).toEqual({});
  expect(changeOf({ ...formOf(camera), rtspTransport: "tcp" }, camera)).toEqual({ rtspTransport: "tcp" });
});

test("an emptied sub address is taken away", () => {
  const camera = aCamera({ subAddress: "rtsp://cam/sub" });
  expect(changeOf({ ...formOf(camera), subAddress: "" }, camera)).toEqual({ subAddress: null });
});

test("each field says what is wrong with it", () => {
  expect(checks.name("  ")).toBe("nameEmpty");
  expect(checks.name("x".repeat(81))).toBe("nameLong");
  expect(checks.address("")).toBe("addressEmpty");
  expect(checks.address("http://cam")).toBe("address");
  expect(checks.subAddress("")).toBe(null);
  for (const people of ["", 0, 1.5, 101]) expect(checks.queueThreshold(people)).toBe("threshold");
});
