import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

/** Each try fails only where the neighbour of a port that was free is not. */
const MAX_TRIES = 20;

/** RTP's port is even, RTCP's the one above it (RFC 3550, 11). Whoever gets them closes both. */
export type UdpPair = { rtp: Socket; rtcp: Socket; rtpPort: number; rtcpPort: number };

/** Two sockets on free neighbouring ports of an address of this computer. Rejects with the system's error. */
export async function bindUdpPair(host: string): Promise<UdpPair> {
  for (let tries = 1; ; tries += 1) {
    const first = await bind(host, 0);
    const { port } = first.address();
    try {
      const second = await bind(host, port ^ 1);
      const [rtp, rtcp] = port % 2 === 0 ? [first, second] : [second, first];
      return { rtp, rtcp, rtpPort: port & ~1, rtcpPort: port | 1 };
    } catch (error) {
      first.close();
      if (tries === MAX_TRIES) throw error;
    }
  }
}

async function bind(host: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  socket.bind(port, host);
  try {
    await once(socket, "listening"); // rejects on "error"
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}
