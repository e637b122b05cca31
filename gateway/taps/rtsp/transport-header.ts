/** What a camera answers to SETUP (RFC 2326, 12.39), as far as it was told. */
export type GivenTransport = {
  channels: { rtp: number; rtcp: number } | undefined;
  serverPorts: { rtpPort: number; rtcpPort: number } | undefined;
};

export const OVER_TCP = "RTP/AVP/TCP;unicast;interleaved=0-1";
export const overUdp = (rtpPort: number, rtcpPort: number): string =>
  `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort}`;

export function parseTransport(header: string): GivenTransport {
  const channels = pairOf(header, "interleaved", 0, 255);
  const ports = pairOf(header, "server_port", 1, 65_535);
  return {
    channels: channels && { rtp: channels.first, rtcp: channels.second },
    serverPorts: ports && { rtpPort: ports.first, rtcpPort: ports.second },
  };
}

/** `name=4-5`; `name=4` is short for it. */
function pairOf(header: string, name: string, min: number, max: number) {
  const found = new RegExp(`\\b${name}\\s*=\\s*(\\d{1,5})(?:-(\\d{1,5}))?`, "i").exec(header);
  if (!found) return undefined;
  const first = Number(found[1]);
  const second = Number(found[2] ?? first + 1);
  const isGood = (value: number) => value >= min && value <= max;
  return isGood(first) && isGood(second) ? { first, second } : undefined;
}
