import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../kernel/logger.ts";
import { freeLoopbackPorts, freeMediaPort } from "./free-ports.ts";
import { type Credentials, mediamtxConfig, type Ports } from "./mediamtx-config.ts";
import type { MediamtxVersion } from "./mediamtx-version.ts";

type PrepareDeps = {
  folder: string;
  host: string;
  webrtcPort: number;
  additionalHosts?: string[];
  log: Logger;
};

export type Prepared = { ports: Ports; credentials: Credentials; configFile: string };

/** Chooses ports and a password, and writes the configuration so that only this user can read it. */
export async function prepare(version: MediamtxVersion, deps: PrepareDeps): Promise<Prepared> {
  const media = await freeMediaPort(deps.host, deps.webrtcPort);
  if (media !== deps.webrtcPort) {
    deps.log.warn({ wanted: deps.webrtcPort, used: media }, "the WebRTC port is taken, another one is used");
  }
  const [api, rtsp, hls, webrtc] = (await freeLoopbackPorts(4)) as [number, number, number, number];
  const ports = { api, rtsp, hls, webrtc, media };
  const credentials = { user: "guarita", password: randomBytes(24).toString("hex") };
  const { host, additionalHosts = [] } = deps;
  const config = mediamtxConfig({ version, ports, credentials, host, additionalHosts });
  const configFile = join(deps.folder, "mediamtx.yml");
  await rm(configFile, { force: true }); // the mode counts only for a new file
  // JSON is YAML as well
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return { ports, credentials, configFile };
}
