import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../support/gateway.ts";

const START_TIMEOUT_MS = 10_000;

export type MediamtxPages = {
  /** Its own page of a camera. */
  webrtc(index: number): string;
  hls(index: number): string;
  stop(): Promise<void>;
};

/**
 * MediaMTX as it comes, with its own pages, pulling the same cameras on demand. Only what would open further ports is
 * turned off. Throws with what it said where it does not start.
 */
export async function startMediamtxPages(addresses: string[]): Promise<MediamtxPages> {
  const folder = mkdtempSync(join(tmpdir(), "guarita-bench-mtx-"));
  const [webrtc, hls, rtsp, udp] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const cameras = addresses.flatMap((address, index) => [
    `  cam${index}:`,
    `    source: ${address}`,
    "    rtspTransport: tcp",
    "    sourceOnDemand: yes",
  ]);
  const config = [
    "logLevel: error",
    "rtmp: no",
    "srt: no",
    "moq: no",
    `rtspAddress: 127.0.0.1:${rtsp}`,
    "rtspTransports: [tcp]",
    `hlsAddress: 127.0.0.1:${hls}`,
    `webrtcAddress: 127.0.0.1:${webrtc}`,
    `webrtcLocalUDPAddress: 127.0.0.1:${udp}`,
    "paths:",
    ...cameras,
  ];
  const file = join(folder, "mediamtx.yml");
  writeFileSync(file, `${config.join("\n")}\n`);
  const child = spawn(process.env.GUARITA_MEDIAMTX ?? "mediamtx", [file], { cwd: folder });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  child.on("error", (error) => (said += error.message));
  const ended = Promise.race([once(child, "exit"), once(child, "error")]).catch(() => undefined);
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  async function stop(): Promise<void> {
    child.kill();
    await ended;
    process.off("exit", killWithUs);
    rmSync(folder, { recursive: true, force: true });
  }
  const isOver = ended.then(() => "ended" as const);
  const started = await Promise.race([isOver, untilListening([webrtc, hls])]);
  if (started !== "listening") {
    await stop();
    throw new Error(`MediaMTX with its own pages: ${said.trim().split("\n").at(-1) || started}`);
  }
  return {
    webrtc: (index) => `http://127.0.0.1:${webrtc}/cam${index}/`,
    hls: (index) => `http://127.0.0.1:${hls}/cam${index}/`,
    stop,
  };
}

async function untilListening(ports: number[]): Promise<"listening" | "it never listened"> {
  const untilMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < untilMs) {
    if ((await Promise.all(ports.map(answers))).every(Boolean)) return "listening";
    await sleep(100);
  }
  return "it never listened";
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const tell = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => tell(true));
    socket.once("error", () => tell(false));
  });
}
