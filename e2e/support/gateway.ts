import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { z } from "zod";
import { type CameraHealth, CameraHealthList } from "#contract/camera-health.ts";
import { Camera, type NewCamera } from "#contract/cameras.ts";
import { paths } from "#contract/paths.ts";
import { StationList } from "#contract/stations.ts";
import { Health } from "#contract/system.ts";
import { ROOT, type Running, startProcess } from "./processes.ts";

const Package = z.object({ scripts: z.object({ start: z.string().startsWith("node ") }) });

/** What the gateway notes down about its MediaMTX. */
const ChildRecord = z.object({ pid: z.int().positive() });

export type Gateway = {
  url: string;
  dataDir: string;
  process(): Running;
  addCamera(camera: NewCamera): Promise<Camera>;
  health(): Promise<Health>;
  camerasHealth(): Promise<CameraHealth[]>;
  stations(): Promise<StationList>;
  /** Rows of the events table, oldest first, read from the file itself. */
  storedEvents(): StoredRow[];
  /** SIGKILL: nothing is said goodbye to. */
  kill(): Promise<void>;
  /** Ends the MediaMTX that this gateway runs, as a crash of it would. */
  killMediamtx(): void;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type StoredRow = {
  receipt_id: string;
  event_name: string;
  ts: string;
  store_id: string;
  source: string;
  camera_id: string | null;
  payload: string | null;
  meta: string | null;
};

/** A port of the loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

export type GatewayOptions = {
  args?: string[];
  env?: Record<string, string>;
  /** False: as on a machine that lacks it. */
  mediamtx?: boolean;
};

/** On a machine with other work; alone it takes two seconds. */
const STARTING_MS = 60_000;

/** A named file that is not there is said to be missing, and nothing else is looked for. */
const WITHOUT_MEDIAMTX = { GUARITA_MEDIAMTX: join(tmpdir(), "guarita-no-such-mediamtx") };

/** Node's arguments in `npm start`, so that what is measured is what people start. */
const START = Package.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")))
  .scripts.start.split(" ")
  .slice(1);

/** A real gateway with an empty database of its own. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const dataDir = mkdtempSync(join(tmpdir(), "guarita-e2e-data-"));
  const port = await freePort();
  const webrtcPort = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    GUARITA_PORT: String(port),
    GUARITA_DATA: dataDir,
    GUARITA_WEBRTC_PORT: String(webrtcPort),
    GUARITA_LOG: "info",
    DATABASE_URL: "", // these tests look into the file
    ...(options.mediamtx === false ? WITHOUT_MEDIAMTX : {}),
    ...options.env,
  };
  let running: Running;
  const start = async () => {
    running = startProcess([...START, ...(options.args ?? [])], env);
    await running.line(/https?:\/\/localhost:\d+/, STARTING_MS);
  };
  await start();
  return {
    url,
    dataDir,
    process: () => running,
    start,
    async addCamera(camera) {
      const response = await fetch(url + paths.cameras, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(camera),
      });
      if (!response.ok) throw new Error(`camera refused: ${response.status} ${await response.text()}`);
      return Camera.parse(await response.json());
    },
    async health() {
      const response = await fetch(url + paths.health);
      return Health.parse(await response.json());
    },
    async camerasHealth() {
      const response = await fetch(url + paths.camerasHealth);
      return CameraHealthList.parse(await response.json()).health;
    },
    async stations() {
      const response = await fetch(url + paths.stations);
      return StationList.parse(await response.json());
    },
    storedEvents() {
      const db = new Sqlite(join(dataDir, "guarita.sqlite"), { readonly: true });
      try {
        // the columns of the table are the fields of the type
        return db.prepare("select * from events order by seq").all() as StoredRow[];
      } finally {
        db.close();
      }
    },
    killMediamtx() {
      const record = readFileSync(join(dataDir, "media", "mediamtx.pid.json"), "utf8");
      process.kill(ChildRecord.parse(JSON.parse(record)).pid, "SIGKILL");
    },
    async kill() {
      await running.end("SIGKILL");
    },
    async stop() {
      await running.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
