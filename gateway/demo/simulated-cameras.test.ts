import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import type { Fault } from "./faults.ts";
import { aClip, createReader, eventually, TCP } from "./rtsp-reader.memory.ts";
import { createSimulatedCameras, type SimulatedCameras } from "./simulated-cameras.ts";

const open: { cameras: SimulatedCameras; sockets: Socket[] }[] = [];

afterEach(async () => {
  for (const { cameras, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await cameras.stop();
  }
});

async function aServer(over: Partial<Parameters<typeof createSimulatedCameras>[0]> = {}) {
  const cameras = createSimulatedCameras({
    cameras: ["cam0", "cam1"].map((path) => ({ path, clip: aClip() })),
    nowMs: Date.now,
    log: silentLogger(),
    ...over,
  });
  const { port } = await cameras.start();
  const sockets: Socket[] = [];
  open.push({ cameras, sockets });
  const reader = async () => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    await once(socket, "connect");
    return createReader(socket);
  };
  const url = `rtsp://127.0.0.1:${port}/cam0`;
  const playing = async () => {
    const one = await reader();
    await one.request("SETUP", `${url}/trackID=0`, TCP);
    const answer = await one.request("PLAY", `${url}/`);
    return { ...one, answer };
  };
  return { cameras, reader, playing, url, port };
}

async function untilClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}

describe("a healthy camera", () => {
  test("describes its stream, refuses multicast with 461, and plays over TCP", async () => {
    const { reader, url } = await aServer();
    const one = await reader();

    const described = await one.request("DESCRIBE", url);
    expect(described.headers.get("Content-Base")).toBe(`${url}/`);
    expect(described.body).toContain("a=rtpmap:96 H264/90000");
    expect(described.body).toContain("profile-level-id=42C01E; sprop-parameter-sets=Z0LAHg==,aAE=");
    for (const offer of ["RTP/AVP;multicast;client_port=5000-5001", "RTP/AVP;unicast;client_port=0-99999"]) {
      expect((await one.request("SETUP", `${url}/trackID=0`, { Transport: offer })).status).toBe(461);
    }
    expect((await one.request("SETUP", `${url}/trackID=0`, TCP)).status).toBe(200);
    expect((await one.request("PLAY", `${url}/`)).status).toBe(200);
    await eventually(() => expect(one.pictures().length).toBeGreaterThan(4));
  });

  test("begins with a key frame and the packet that RTP-Info announced, then misses nothing", async () => {
    const { playing } = await aServer();
    const { answer, pictures } = await playing();

    await eventually(() => expect(pictures().length).toBeGreaterThan(30));
    const [first, ...rest] = pictures();
    expect((first?.content[1] ?? 0) % 5).toBe(0);
    expect(answer.headers.get("RTP-Info")).toMatch(/url=rtsp:.*\/cam0\/trackID=0;/);
    expect(answer.headers.get("RTP-Info")).toContain(`seq=${first?.sequence};rtptime=${first?.timestamp}`);
    rest.forEach((packet, index) => {
      const before = pictures()[index];
      expect(packet.sequence).toBe(((before?.sequence ?? 0) + 1) % 65_536);
      const ticks = (packet.timestamp - (before?.timestamp ?? 0) + 2 ** 32) % 2 ** 32;
      expect(ticks).toBe(before?.isLast ? 900 : 0);
    });
  });

  test("tells by a sender report when its pictures were taken, before the first of them", async () => {
    const { playing, cameras } = await aServer();
    const { packets, pictures } = await playing();

    await eventually(() => expect(pictures().length).toBeGreaterThan(0));
    const report = packets[0]?.bytes ?? Buffer.alloc(0);
    expect([packets[0]?.channel, report[1], report.readUInt32BE(4)]).toEqual([1, 200, pictures()[0]?.ssrc]);
    expect(report.readUInt32BE(16)).toBe(pictures()[0]?.timestamp);
    const wallMs =
      (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
    const intoLoop = (wallMs - (cameras.status()[0]?.loopStartedAtMs ?? 0)) % 50;
    expect(Math.min(intoLoop, 50 - intoLoop)).toBeLessThan(1); // key frames are taken every 50 ms
    expect(Math.abs(wallMs - Date.now())).toBeLessThan(5_000);
  });

  test("two readers see the same pictures, and the loop goes on in time", async () => {
    const { playing } = await aServer();
    const readers = [await playing(), await playing()];

    await eventually(() => expect(readers.every((one) => one.pictures().length > 60)).toBe(true));
    const order = readers[0]?.pictures().map(({ content }) => (content[1] ?? 0) & 15) ?? [];
    const expected = order.map((_, index) => ((order[0] ?? 0) + Math.floor(index / 2)) % 10);
    expect(order).toEqual(expected);
  });

  test("answers keep-alives between its packets, and hangs up on a reader that is silent too long", async () => {
    const { playing, url } = await aServer({ timeoutS: 1 });
    const { request, send, socket } = await playing();

    expect((await request("GET_PARAMETER", url)).status).toBe(200);
    expect((await request("OPTIONS", url)).headers.get("Public")).toContain("GET_PARAMETER");
    send("$\u0001\u0000\u0002ab"); // a report of the reader's
    await untilClosed(socket);
  });

  test("presents B-frames by their own time, in the order they are decoded", async () => {
    const frames = [0, 30, 10, 20, 40].map((presentationMs, index) => ({
      presentationMs,
      dueMs: 20 + index * 10,
      isKey: index === 0,
      payloads: [Uint8Array.of(0x61, index)],
    }));
    const clip = aClip({ frames, lengthMs: 50 });
    const { playing } = await aServer({ cameras: [{ path: "cam0", clip }] });
    const { pictures } = await playing();

    await eventually(() => expect(pictures().length).toBeGreaterThan(5));
    const [first, ...rest] = pictures().slice(0, 5);
    const ticks = rest.map(({ timestamp }) => (timestamp - (first?.timestamp ?? 0) + 2 ** 32) % 2 ** 32);
    expect(ticks.map((one) => one / 90)).toEqual([30, 10, 20, 40]);
  });

  test("reads its clip when it is first asked for, once for all readers", async () => {
    const clip = vi.fn(async () => aClip());
    const { reader, playing, url, cameras } = await aServer({ cameras: [{ path: "cam0", clip }] });
    expect([clip.mock.calls.length, cameras.status()[0]?.clipLengthMs]).toEqual([0, null]);
    await (await reader()).request("DESCRIBE", url);
    await playing();
    expect([clip.mock.calls.length, cameras.status()[0]?.clipLengthMs]).toEqual([1, 100]);
  });
});

describe("passwords and paths", () => {
  test("without the password nothing is described, and the address has it", async () => {
    const { reader, cameras, url } = await aServer({ credentials: { user: "adm", password: "a b/c" } });
    const answer = await (await reader()).request("DESCRIBE", url);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Digest realm="[^"]+", nonce="[0-9a-f]+"$/);
    expect(cameras.addressOf("cam0")).toBe(url.replace("rtsp://", "rtsp://adm:a%20b%2Fc@"));
  });

  test("an unknown path is not found, and nonsense does no harm", async () => {
    const { reader, url, playing } = await aServer();
    const one = await reader();
    expect((await one.request("DESCRIBE", url.replace("cam0", "cam7"))).status).toBe(404);
    expect((await one.request("SETUP", `${url}/trackID=1`, TCP)).status).toBe(404);
    expect((await one.request("PLAY", url)).status).toBe(455);
    expect((await one.request("DESCRIBE", "cam0")).status).toBe(400);
    expect((await one.request("DANCE", url)).status).toBe(501);
    const noise = await reader();
    noise.send("x".repeat(100_000));
    await untilClosed(noise.socket);
    expect((await playing()).answer.status).toBe(200);
  });
});

describe("faults", () => {
  test("freeze: the connection answers and no picture comes, until it is cleared", async () => {
    const { playing, cameras, url } = await aServer();
    const { pictures, request } = await playing();
    await eventually(() => expect(pictures().length).toBeGreaterThan(4));
    cameras.setFault("cam0", { kind: "freeze" });
    await request("OPTIONS", url);
    const had = pictures().length;
    for (let asked = 0; asked < 20; asked++) expect((await request("GET_PARAMETER", url)).status).toBe(200);
    expect(pictures()).toHaveLength(had);
    cameras.clearFault("cam0");
    await eventually(() => expect(pictures().length).toBeGreaterThan(had));
    expect((pictures()[had]?.content[1] ?? 0) % 5).toBe(0);
  });

  test("black_hole: nothing comes, nothing is answered and nothing closes, until it is cleared", async () => {
    const { playing, cameras, url, reader } = await aServer({ timeoutS: 1 });
    const [victim, other] = [await playing(), await reader()];
    await other.request("SETUP", `${url.replace("cam0", "cam1")}/trackID=0`, TCP);
    await other.request("PLAY", `${url.replace("cam0", "cam1")}/`);
    await eventually(() => expect(victim.pictures().length).toBeGreaterThan(4));
    cameras.setFault("cam0", { kind: "black_hole" });
    const late = await reader();
    const soFar = () => [victim.pictures().length, victim.answers.length, late.answers.length];
    await other.request("OPTIONS", url.replace("cam0", "cam1"));
    const had = soFar();
    for (const one of [late, victim]) one.send(`OPTIONS ${url} RTSP/1.0\r\nCSeq: 9\r\n\r\n`);
    await eventually(() => {
      other.send(`OPTIONS ${url.replace("cam0", "cam1")} RTSP/1.0\r\nCSeq: 9\r\n\r\n`);
      expect(other.pictures().length).toBeGreaterThan(300); // for longer than a silent reader is kept
    });
    expect(soFar()).toEqual(had);
    expect([victim.socket.readyState, late.socket.readyState]).toEqual(["open", "open"]);
    cameras.clearFault("cam0");
    await eventually(() => expect(victim.pictures().length).toBeGreaterThan(had[0] ?? 0));
    expect((victim.pictures()[had[0] ?? 0]?.content[1] ?? 0) % 5).toBe(0);
    expect((await late.request("OPTIONS", url)).status).toBe(200);
  });

  test("frozen_picture: one key frame again and again, while its time goes on", async () => {
    const { playing, cameras } = await aServer();
    cameras.setFault("cam0", { kind: "frozen_picture" });
    const [{ pictures }, early] = [await playing(), await playing()];
    await eventually(() => expect(early.pictures().length).toBeGreaterThan(30));
    const late = await playing();
    await eventually(() => expect(late.pictures().length).toBeGreaterThan(30));
    for (const one of [early, late]) expect(one.pictures()[0]?.content).toEqual(pictures()[0]?.content);
    const sent = pictures();
    expect(new Set(sent.map(({ content }) => (content[1] ?? 0) & 15)).size).toBe(1);
    expect((sent[0]?.content[1] ?? 0) % 5).toBe(0);
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(Math.ceil(sent.length / 2));
  });

  test.each<Fault["kind"] & ("drop" | "refuse" | "unauthorized" | "not_found")>([
    "drop",
    "refuse",
    "unauthorized",
    "not_found",
  ])("%s ends the camera's connections and leaves the others alone", async (kind) => {
    const { playing, cameras, reader, url } = await aServer();
    const victim = await playing();
    const other = await reader();
    await other.request("SETUP", `${url.replace("cam0", "cam1")}/trackID=0`, TCP);
    await other.request("PLAY", `${url.replace("cam0", "cam1")}/`);
    cameras.setFault("cam0", { kind });
    await untilClosed(victim.socket);
    const had = other.pictures().length;
    await eventually(() => expect(other.pictures().length).toBeGreaterThan(had));
  });

  test("drop hangs up after PLAY, refuse before any answer", async () => {
    const { playing, cameras, reader, url } = await aServer();
    cameras.setFault("cam0", { kind: "drop" });
    const dropped = await playing();
    expect(dropped.answer.status).toBe(200);
    await untilClosed(dropped.socket);
    cameras.setFault("cam0", { kind: "refuse" });
    const refused = await reader();
    refused.send(`OPTIONS ${url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await untilClosed(refused.socket);
  });

  test("unauthorized, not_found and slow_start show in the answer to DESCRIBE", async () => {
    const { cameras, reader, url } = await aServer();
    const describe = async () => (await (await reader()).request("DESCRIBE", url)).status;
    cameras.setFault("cam0", { kind: "unauthorized" });
    expect(await describe()).toBe(401);
    cameras.setFault("cam0", { kind: "not_found" });
    expect(await describe()).toBe(404);
    cameras.setFault("cam0", { kind: "slow_start", ms: 150 });
    const askedAtMs = performance.now();
    expect(await describe()).toBe(200);
    expect(performance.now() - askedAtMs).toBeGreaterThan(140);
    expect(() => cameras.setFault("cam9", { kind: "drop" })).toThrow('"cam9"');
  });

  test("loss leaves gaps in the packets' numbers", async () => {
    const { playing, cameras } = await aServer();
    cameras.setFault("cam0", { kind: "loss", fraction: 0.3 });
    const { pictures } = await playing();
    await eventually(() => expect(pictures().length).toBeGreaterThan(100));
    const numbers = pictures().map(({ sequence }) => sequence);
    const span = ((numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 65_536) % 65_536;
    expect(numbers.length / span).toBeGreaterThan(0.5);
    expect(numbers.length / span).toBeLessThan(0.9);
  });

  test("stopped, the computer refuses connections; started again, the cameras are where they would have been", async () => {
    const { cameras, playing, port } = await aServer();
    const before = cameras.status()[0]?.loopStartedAtMs;
    const { socket } = await playing();
    await cameras.stop();
    await untilClosed(socket);
    const [error] = await once(connect(port, "127.0.0.1"), "error");
    expect(error.code).toBe("ECONNREFUSED");
    await cameras.start(port);
    expect((await playing()).answer.status).toBe(200);
    expect(cameras.status()[0]?.loopStartedAtMs).toBe(before);
  });
});
