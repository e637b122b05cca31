import { isIP } from "node:net";
import type { RtspTransport } from "#contract/cameras.ts";
import { CameraFailure } from "../camera-failure.ts";

export type RtspAddress = {
  /** What goes into request lines: no user, no password. */
  url: string;
  host: string;
  port: number;
  tls: boolean;
  user: string;
  password: string;
};

/** Throws `CameraFailure` on what is not an rtsp or rtsps address. */
export function parseRtspAddress(address: string): RtspAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !["rtsp:", "rtsps:"].includes(url.protocol) || url.hostname === "") {
    throw new CameraFailure("protocol", "not an rtsp:// or rtsps:// address");
  }
  const tls = url.protocol === "rtsps:";
  const user = decode(url.username);
  const password = decode(url.password);
  url.username = "";
  url.password = "";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { url: url.toString(), host, port: Number(url.port) || (tls ? 322 : 554), tls, user, password };
}

/** An rtsps address is read over TCP whatever is chosen: over UDP its pictures would travel open. */
export const isReadOverUdp = ({ tls }: RtspAddress, chosen: RtspTransport): boolean =>
  chosen === "udp" && !tls;

/** The name for TLS's server name indication, which takes no IP address. */
export const tlsServerName = (host: string): string => (isIP(host) ? "" : host);

/** A password typed with a bare `%` is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
