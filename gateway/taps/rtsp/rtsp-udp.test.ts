import { afterEach, describe, expect, test, vi } from "vitest";
import { bindUdpPair } from "../../kernel/udp-pair.ts";
import type { CameraFailure } from "../camera-failure.ts";
import { manualClock } from "../manual-clock.memory.ts";
import { type FakeCameraOptions, startFakeCamera } from "./fake-rtsp-camera.memory.ts";
import { openRtspSession } from "./rtsp-session.ts";
import { openUdpFlow } from "./udp-flow.ts";

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function play(options: FakeCameraOptions) {
  const camera = await startFakeCamera(options);
  cleanups.push(camera.stop);
  const time = manualClock();
  const seen = { playing: 0, rtp: 0, rtcp: 0, failures: [] as CameraFailure[] };
  const session = openRtspSession({
    address: camera.address(),
    transport: "udp",
    clock: time.clock,
    onVideo: () => undefined,
    onPlaying() {
      seen.playing += 1;
    },
    onRtp() {
      seen.rtp += 1;
    },
    onRtcp() {
      seen.rtcp += 1;
    },
    onEnded: (failure) => seen.failures.push(failure),
  });
  cleanups.push(session.stop);
  await until(() => expect(seen.playing + seen.failures.length).toBe(1));
  return { camera, time, seen, session };
}

describe.each(["127.0.0.1", "::1"] as const)("over UDP on %s", (host) => {
  test("pictures and reports arrive on two ports of the gateway's", async () => {
    const { camera, seen } = await play({ host, udp: "plays" });
    const setup = camera.requests.find(({ method }) => method === "SETUP")?.headers.get("transport");
    const [, rtp, rtcp] = /^RTP\/AVP;unicast;client_port=(\d+)-(\d+)$/.exec(setup ?? "") ?? [];
    expect(Number(rtp) % 2).toBe(0);
    expect(Number(rtcp)).toBe(Number(rtp) + 1);
    camera.picture(true);
    camera.picture(false);
    camera.report(1_700_000_000_000);
    await until(() => expect(seen).toMatchObject({ rtp: 2, rtcp: 1, failures: [] }));
  });

  test("the way back is opened at once, and what arrives is told every 5 s", async () => {
    const { camera, time, seen } = await play({ host, udp: "plays" });
    await until(() => expect(camera.datagrams.map(({ to }) => to).sort()).toEqual(["rtcp", "rtp"]));
    camera.picture(true);
    await until(() => expect(seen.rtp).toBe(1));
    time.advance(5_000);
    await until(() => expect(camera.datagrams).toHaveLength(3));
    expect(camera.datagrams[2]?.bytes[1]).toBe(201);
    expect(camera.datagrams[2]?.bytes.readUInt32BE(8)).toBe(7); // the camera's SSRC
  });
});

test("a camera that plays while no packet arrives is named within 5 s, with what may be wrong", async () => {
  const { time, seen } = await play({ udp: "mute" });
  time.advance(4_999);
  expect(seen.failures).toEqual([]);
  time.advance(1);
  expect(seen.failures).toMatchObject([
    { fault: "timeout", message: expect.stringContaining("no UDP packet arrives") },
  ]);
  expect(time.pending()).toBe(0);
});

test("a packet in time is enough: how pictures go on is watched elsewhere", async () => {
  const { camera, time, seen } = await play({ udp: "plays" });
  camera.picture(true);
  await until(() => expect(seen.rtp).toBe(1));
  time.advance(20_000);
  expect(seen.failures).toEqual([]);
});

test("a camera without UDP is left with what it said", async () => {
  const { seen } = await play({});
  expect(seen.failures).toMatchObject([{ fault: "protocol", message: expect.stringContaining("461") }]);
});

test("stopping says goodbye and leaves no port and no timer", async () => {
  const { camera, session, time, seen } = await play({ udp: "plays" });
  session.stop();
  await until(() => expect(camera.methods().at(-1)).toBe("TEARDOWN"));
  camera.picture(true);
  expect(time.pending()).toBe(0);
  await until(() => expect(camera.open()).toBe(0));
  expect(seen).toMatchObject({ rtp: 0, failures: [] });
});

test("only what comes from the camera's own address is heard", async () => {
  const sender = await bindUdpPair("127.0.0.1");
  cleanups.push(() => [sender.rtp, sender.rtcp].map((socket) => socket.close()));
  const heard: Record<string, string[]> = {};
  const ports: { rtpPort: number; rtcpPort: number }[] = [];
  for (const cameraAddress of ["127.0.0.9", "127.0.0.1"]) {
    const packets: string[] = [];
    heard[cameraAddress] = packets;
    const flow = await openUdpFlow({
      cameraAddress,
      clockRateHz: 90_000,
      clock: manualClock().clock,
      onRtp: (packet) => packets.push(`rtp ${packet}`),
      onRtcp: (packet) => packets.push(`rtcp ${packet}`),
      onError: () => undefined,
    });
    cleanups.push(flow.close);
    ports.push(flow);
  }
  for (const { rtpPort, rtcpPort } of ports) {
    sender.rtp.send("one", rtpPort, "127.0.0.1");
    sender.rtcp.send("two", rtcpPort, "127.0.0.1");
  }
  await until(() => expect(heard["127.0.0.1"]?.sort()).toEqual(["rtcp two", "rtp one"]));
  expect(heard["127.0.0.9"]).toEqual([]);
});
