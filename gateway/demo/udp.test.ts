import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import { bindUdpPair } from "../kernel/udp-pair.ts";
import { aClip, createReader, eventually, readRtp } from "./rtsp-reader.memory.ts";
import { createSimulatedCameras } from "./simulated-cameras.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A camera on loopback, and a reader that plays it over UDP. */
async function aReader(host: string, timeoutS = 60) {
  const cameras = createSimulatedCameras({
    cameras: [{ path: "cam0", clip: aClip() }],
    nowMs: Date.now,
    log: silentLogger(),
    timeoutS,
  });
  const { port } = await cameras.start(0, host);
  cleanups.push(cameras.stop);
  const socket: Socket = connect(port, host);
  cleanups.push(() => socket.destroy());
  await once(socket, "connect");
  const reader = createReader(socket);
  const pair = await bindUdpPair(host);
  cleanups.push(() => [pair.rtp, pair.rtcp].map((one) => one.close()));
  const rtp: { bytes: Buffer; port: number }[] = [];
  const reports: Buffer[] = [];
  pair.rtp.on("message", (bytes, from) => rtp.push({ bytes, port: from.port }));
  pair.rtcp.on("message", (bytes) => reports.push(bytes));
  const url = cameras.addressOf("cam0");
  const { headers } = await reader.request("SETUP", `${url}/trackID=0`, {
    Transport: `RTP/AVP;unicast;client_port=${pair.rtpPort}-${pair.rtcpPort}`,
  });
  const transport = headers.get("Transport") ?? "";
  expect((await reader.request("PLAY", `${url}/`)).status).toBe(200);
  const pictures = () => rtp.map(({ bytes }) => readRtp(bytes));
  return { cameras, reader, pair, rtp, reports, pictures, transport, url, host };
}

describe.each(["127.0.0.1", "::1"])("over UDP on %s", (host) => {
  test("every packet is a datagram from the port that SETUP told, and none comes over TCP", async () => {
    const { reader, rtp, pictures, transport, pair, reports } = await aReader(host);
    await eventually(() => expect(rtp.length).toBeGreaterThan(30));
    const [, from, to] = /server_port=(\d+)-(\d+)/.exec(transport) ?? [];
    expect(transport).toContain(`client_port=${pair.rtpPort}-${pair.rtcpPort}`);
    expect(Number(to)).toBe(Number(from) + 1);
    expect(new Set(rtp.map(({ port }) => port))).toEqual(new Set([Number(from)]));
    expect((pictures()[0]?.content[1] ?? 0) % 5).toBe(0);
    const numbers = pictures().map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_, index) => ((numbers[0] ?? 0) + index) % 65_536));
    expect(reports[0]?.[1]).toBe(200);
    expect(reader.packets).toEqual([]);
  });
});

test("a reader is kept by its reports, and left when it falls silent", async () => {
  const { reader, pair, host, transport } = await aReader("127.0.0.1", 1);
  const reportPort = Number(/server_port=\d+-(\d+)/.exec(transport)?.[1]);
  const until = performance.now() + 2_000;
  await eventually(() => {
    pair.rtcp.send(Buffer.from("80c90001000000010000", "hex"), reportPort, host);
    expect(performance.now()).toBeGreaterThan(until);
  });
  expect(reader.socket.readyState).toBe("open");
  if (!reader.socket.closed) await once(reader.socket, "close");
});

test("freeze, loss and drop are seen over UDP as over TCP", async () => {
  const { cameras, reader, rtp, pictures, url } = await aReader("127.0.0.1");
  await eventually(() => expect(rtp.length).toBeGreaterThan(4));
  cameras.setFault("cam0", { kind: "freeze" });
  await reader.request("OPTIONS", url);
  const had = rtp.length;
  for (let asked = 0; asked < 20; asked++) await reader.request("GET_PARAMETER", url);
  expect(rtp).toHaveLength(had);

  cameras.setFault("cam0", { kind: "loss", fraction: 0.3 });
  await eventually(() => expect(rtp.length).toBeGreaterThan(had + 100));
  const numbers = pictures()
    .slice(had)
    .map(({ sequence }) => sequence);
  const span = ((numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 65_536) % 65_536;
  expect(numbers.length / span).toBeGreaterThan(0.5);
  expect(numbers.length / span).toBeLessThan(0.9);

  cameras.setFault("cam0", { kind: "drop" });
  if (!reader.socket.closed) await once(reader.socket, "close");
});
