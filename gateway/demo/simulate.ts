import { fstatSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createLogger } from "../kernel/logger.ts";
import { loadClip } from "./clip.ts";
import { createControlServer } from "./control-server.ts";
import { createSimulatedCameras } from "./simulated-cameras.ts";

const HELP = `Simulated RTSP cameras in a process of their own, named cam0, cam1, ... They play over TCP and UDP.

node gateway/demo/simulate.ts [options]
  --host ADDRESS     where to listen, IPv4 or IPv6 (127.0.0.1)
  --port N           RTSP port, 0 takes a free one (0)
  --cameras N        how many cameras (4)
  --clip FILE        MP4 with H.264 or H.265 to loop; may be given several times, cameras take turns (the drawn shop)
  --user NAME        with --password: the cameras want them
  --password TEXT
  --auth SCHEME      basic, digest-md5 or digest-sha256; may be given several times (digest-md5)
  --control-port N   loopback HTTP port for faults and status, 0 takes a free one (0)

Prints {"rtspPort","controlPort","startedAtMs"} as one JSON line. Ends on SIGTERM, and with the process that started it.

GET /status                          cameras, readers, and when each one's loop began
PUT /faults/cam0 {"kind":"freeze"}   freeze, frozen_picture, black_hole, drop, refuse, unauthorized, not_found,
                                     {"kind":"slow_start","ms":N}, {"kind":"lag","ms":N}, {"kind":"loss","fraction":F}
DELETE /faults/cam0
PUT /listening {"listening":false}   all cameras off, or on again at the same port
`;

const OPTIONS = {
  help: { type: "boolean", default: false },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "0" },
  cameras: { type: "string", default: "4" },
  clip: { type: "string", multiple: true },
  user: { type: "string" },
  password: { type: "string" },
  auth: { type: "string", multiple: true },
  "control-port": { type: "string", default: "0" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function main(values: Values): Promise<void> {
  const startedAtMs = Date.now();
  const files = values.clip ?? [fileURLToPath(new URL("shop-scene.mp4", import.meta.url))];
  const clips = await Promise.all(files.map(loadClip));
  const plans = Array.from({ length: wholeNumber("cameras", values.cameras) }, (_, index) => {
    const clip = clips[index % clips.length];
    if (clip === undefined) throw new Error("no clip was given");
    return { path: `cam${index}`, clip };
  });
  const { user, password } = values;
  const cameras = createSimulatedCameras({
    cameras: plans,
    nowMs: Date.now,
    log: createLogger("warn"),
    ...(user !== undefined && { credentials: { user, password: password ?? "" } }),
    ...(values.auth && { schemes: values.auth.map(schemeOf) }),
  });
  const { port: rtspPort } = await cameras.start(wholeNumber("port", values.port), values.host);
  const control = createControlServer({ cameras, rtspPort, rtspHost: values.host });
  const { port: controlPort } = await control.start(wholeNumber("control-port", values["control-port"]));
  process.stdout.write(`${JSON.stringify({ rtspPort, controlPort, startedAtMs })}\n`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`--${option} must be a whole number, not ${text}`);
}

function schemeOf(name: string): "basic" | "digest-md5" | "digest-sha256" {
  if (name === "basic" || name === "digest-md5" || name === "digest-sha256") return name;
  throw new Error(`--auth must be basic, digest-md5 or digest-sha256, not ${name}`);
}

/** A piped standard input ends with its parent; without one, the parent's number changes when it dies. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(0), 1000).unref();
  if (isPipe(0)) process.stdin.on("end", () => process.exit(0)).resume();
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGINT", () => process.exit(0));
}

function isPipe(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false; // closed from the start
  }
}

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) process.stdout.write(HELP);
  else {
    endWithParent();
    await main(values);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
