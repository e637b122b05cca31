import { bindUdpPair, type UdpPair } from "../kernel/udp-pair.ts";

/** Where one reader takes packets. */
export type UdpReader = { address: string; rtpPort: number; rtcpPort: number };

export type UdpSender = {
  /** The ports packets come from. Opened with the first reader that asks. */
  ports(): Promise<{ rtpPort: number; rtcpPort: number }>;
  /** Sends interleaved packets (RFC 2326, 10.12) as datagrams: channel 0 is RTP, channel 1 RTCP. */
  send(reader: UdpReader, interleaved: Buffer): void;
  close(): void;
};

/** One pair of ports for all readers over UDP. `onReport` hears who sent a report, which keeps a reader's session. */
export function createUdpSender(deps: {
  host: string;
  onReport: (from: { address: string; port: number }) => void;
}): UdpSender {
  let opening: Promise<UdpPair> | undefined;
  let pair: UdpPair | undefined;
  let closed = false;

  async function open(): Promise<UdpPair> {
    const opened = await bindUdpPair(deps.host);
    // what a reader's computer says about packets that it does not want is of no interest
    for (const socket of [opened.rtp, opened.rtcp]) socket.on("error", () => undefined);
    opened.rtcp.on("message", (_, from) => deps.onReport(from));
    pair = opened;
    if (closed) close();
    return opened;
  }

  function close(): void {
    closed = true;
    pair?.rtp.close();
    pair?.rtcp.close();
    pair = undefined;
  }

  return {
    ports() {
      opening ??= open();
      return opening;
    },
    send({ address, rtpPort, rtcpPort }, interleaved) {
      for (let at = 0; pair && at < interleaved.length; ) {
        const end = at + 4 + interleaved.readUInt16BE(at + 2);
        const packet = interleaved.subarray(at + 4, end);
        if (interleaved[at + 1] === 0) pair.rtp.send(packet, rtpPort, address);
        else pair.rtcp.send(packet, rtcpPort, address);
        at = end;
      }
    },
    close,
  };
}
