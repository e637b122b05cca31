import { isSince, type MediamtxVersion } from "./mediamtx-version.ts";

/** `media` is for UDP and TCP, and the only one that other machines may reach. */
export type Ports = { api: number; rtsp: number; hls: number; webrtc: number; media: number };

/** Made anew for each start of MediaMTX. Only letters and digits: MediaMTX 1.5 allows little else. */
export type Credentials = { user: string; password: string };

type ConfigInput = {
  version: MediamtxVersion;
  ports: Ports;
  credentials: Credentials;
  /** Where the media port listens: `GUARITA_HOST`. */
  host: string;
  /** Further names or addresses under which browsers reach this machine, for containers and NAT. */
  additionalHosts: string[];
};

/**
 * MediaMTX's configuration, with only settings that its version knows: it refuses to start on any other. Holds no
 * camera: those are added at run time, so that no password of a camera ever stands in a file.
 */
export function mediamtxConfig(input: ConfigInput): Record<string, unknown> {
  const { version, ports } = input;
  return {
    logLevel: "info",
    logDestinations: ["stdout"],
    api: true,
    apiAddress: loopback(ports.api),
    rtsp: true,
    rtspAddress: loopback(ports.rtsp),
    // UDP would open two ports more, on every address
    [isSince(version, 11) ? "rtspTransports" : "protocols"]: ["tcp"],
    rtmp: false,
    srt: false,
    ...(isSince(version, 19) && { moq: false }),
    ...hlsConfig(version, ports.hls),
    ...webrtcConfig(input),
    ...accessConfig(input),
    paths: {},
  };
}

/** Short parts: the player is at about three of them behind, so under a second and a half for a few tiles. */
function hlsConfig(version: MediamtxVersion, port: number): Record<string, unknown> {
  return {
    hls: true,
    hlsAddress: loopback(port),
    hlsVariant: "lowLatency",
    hlsSegmentCount: 7,
    hlsSegmentDuration: "1s",
    hlsPartDuration: "200ms",
    // or a camera would be pulled for a minute after the last viewer went
    ...(isSince(version, 9) && { hlsMuxerCloseAfter: "20s" }),
  };
}

function webrtcConfig({ ports, host, additionalHosts }: ConfigInput): Record<string, unknown> {
  const everywhere = isEverywhere(host);
  const mediaAddress = `${everywhere ? "" : bracketed(plainHost(host))}:${ports.media}`;
  return {
    webrtc: true,
    webrtcAddress: loopback(ports.webrtc),
    webrtcLocalUDPAddress: mediaAddress,
    // where UDP is blocked
    webrtcLocalTCPAddress: mediaAddress,
    webrtcIPsFromInterfaces: everywhere,
    webrtcAdditionalHosts: everywhere ? additionalHosts : [plainHost(host), ...additionalHosts],
    webrtcICEServers2: [],
  };
}

/** One user that may read and use the API. Before 1.6 there are no users, and the API of then knows no password. */
function accessConfig({ version, credentials }: ConfigInput): Record<string, unknown> {
  const { user, password } = credentials;
  if (!isSince(version, 6)) return { pathDefaults: { readUser: user, readPass: password } };
  const permissions = [{ action: "read" }, { action: "api" }];
  return {
    authMethod: "internal",
    authInternalUsers: [{ user, pass: password, ips: ["127.0.0.1", "::1"], permissions }],
  };
}

const loopback = (port: number) => `127.0.0.1:${port}`;
const bracketed = (host: string) => (host.includes(":") ? `[${host}]` : host);

export const isEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::" || host === "";

/** One address for `localhost`, which may stand for two. */
export const plainHost = (host: string): string => (host === "localhost" ? "127.0.0.1" : host);
