import { z } from "zod";
import { type Running, startProcess } from "./processes.ts";

const Ready = z.object({ rtspPort: z.number(), controlPort: z.number(), startedAtMs: z.number() });

const Status = z.object({
  cameras: z.array(
    z.object({
      path: z.string(),
      readers: z.number(),
      loopStartedAtMs: z.number(),
      clipLengthMs: z.number().nullable(),
    }),
  ),
});

/** Faults a simulated camera shows on command; the names are those of gateway/demo. */
export type Fault =
  | { kind: "freeze" }
  | { kind: "frozen_picture" }
  | { kind: "drop" }
  | { kind: "refuse" }
  | { kind: "black_hole" }
  | { kind: "lag"; ms: number }
  | { kind: "unauthorized" }
  | { kind: "not_found" }
  | { kind: "slow_start"; ms: number }
  | { kind: "loss"; fraction: number };

export type SimulatedCameras = {
  startedAtMs: number;
  process: Running;
  /** RTSP address of camera `index`, with user and password where there are any. */
  address(index: number): string;
  setFault(index: number, fault: Fault): Promise<void>;
  clearFault(index: number): Promise<void>;
  /** False closes every connection and stops listening, as pulling the plug does. */
  setListening(listening: boolean): Promise<void>;
  /** How many connections camera `index` plays to now. */
  readers(index: number): Promise<number>;
  /** When camera `index` began its clip, and how long the clip is: what a picture of it should show at an instant. */
  timeline(index: number): Promise<{ startedAtMs: number; clipMs: number }>;
  stop(): Promise<void>;
};

/** Of several clips the cameras take turns. */
export type CameraOptions = { clip: string | string[]; cameras?: number; user?: string; password?: string };

/** Simulated RTSP cameras in a process of their own. */
export async function startCameras(options: CameraOptions): Promise<SimulatedCameras> {
  const { clip, cameras = 1, user, password } = options;
  const login = user && password ? ["--user", user, "--password", password] : [];
  const clips = [clip].flat().flatMap((file) => ["--clip", file]);
  const args = ["--port", "0", "--control-port", "0", "--cameras", String(cameras), ...clips, ...login];
  const running = startProcess(["gateway/demo/simulate.ts", ...args]);
  const match = await running.line(/^\{.*"rtspPort".*\}$/);
  const { rtspPort, controlPort, startedAtMs } = Ready.parse(JSON.parse(match[0]));
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (!response.ok) throw new Error(`simulated cameras: ${response.status} ${await response.text()}`);
    return response;
  };
  const userinfo = user && password ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : "";
  const statusOf = async (index: number) => {
    const { cameras: all } = Status.parse(await (await control("GET", "/status")).json());
    const found = all.find((camera) => camera.path.endsWith(`cam${index}`));
    if (!found) throw new Error(`there is no simulated camera ${index}`);
    return found;
  };
  return {
    startedAtMs,
    process: running,
    address: (index) => `rtsp://${userinfo}127.0.0.1:${rtspPort}/cam${index}`,
    setFault: async (index, fault) => void (await control("PUT", `/faults/cam${index}`, fault)),
    clearFault: async (index) => void (await control("DELETE", `/faults/cam${index}`)),
    setListening: async (listening) => void (await control("PUT", "/listening", { listening })),
    readers: async (index) => (await statusOf(index)).readers,
    timeline: async (index) => {
      const { loopStartedAtMs, clipLengthMs } = await statusOf(index);
      // the clip is loaded by the time a reader plays it
      return { startedAtMs: loopStartedAtMs, clipMs: clipLengthMs ?? 0 };
    },
    stop: async () => void (await running.end("SIGTERM")),
  };
}
