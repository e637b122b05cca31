import type { RemoteInfo, Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { bindUdpPair } from "../../kernel/udp-pair.ts";
import { failureOfSocket } from "../camera-failure.ts";
import type { Clock } from "../clock.ts";
import { createReceptionReport, emptyRtpPacket } from "./reception-report.ts";

/** RFC 3550, 6.2: no more often than that. */
const REPORT_EVERY_MS = 5_000;
/** A key frame of a big picture comes in one burst. The system may grant less. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export type UdpFlow = {
  rtpPort: number;
  rtcpPort: number;
  /** Sends to the camera's ports from now on: opens the way back, and tells every 5 s what arrives. */
  begin(camera: { rtpPort: number; rtcpPort: number }): void;
  close(): void;
};

/**
 * RTP and RTCP over UDP on two ports of their own. Only what comes from the camera's own address counts; where the
 * camera says its pictures come from elsewhere they are not heard.
 */
export async function openUdpFlow(deps: {
  /** As the RTSP connection has it. */
  cameraAddress: string;
  clockRateHz: number;
  clock: Clock;
  onRtp: (packet: Buffer) => void;
  onRtcp: (packet: Buffer) => void;
  onError: (failure: Error) => void;
}): Promise<UdpFlow> {
  const { cameraAddress, clock } = deps;
  const report = createReceptionReport(deps.clockRateHz);
  const pair = await bindUdpPair(isIPv6(cameraAddress) ? "::" : "0.0.0.0").catch((error: Error) => {
    throw failureOfSocket(error);
  });
  let cancelTimer = (): void => undefined;
  let closed = false;

  const isCamera = ({ address }: RemoteInfo): boolean => address === cameraAddress;
  pair.rtp.on("message", (packet, from) => {
    if (closed || !isCamera(from)) return;
    report.rtp(packet, clock.nowMs());
    deps.onRtp(packet);
  });
  pair.rtcp.on("message", (packet, from) => {
    if (closed || !isCamera(from)) return;
    report.rtcp(packet, clock.nowMs());
    deps.onRtcp(packet);
  });
  for (const socket of [pair.rtp, pair.rtcp]) {
    socket.on("error", (error) => deps.onError(failureOfSocket(error)));
    widen(socket);
  }

  function tellWhatArrives(toPort: number): void {
    cancelTimer = clock.setTimer(() => tellWhatArrives(toPort), REPORT_EVERY_MS);
    send(pair.rtcp, report.packet(clock.nowMs()), toPort);
  }
  /** One that cannot be sent now is like one that is lost. */
  const send = (socket: Socket, packet: Buffer, port: number): void =>
    socket.send(packet, port, cameraAddress, () => undefined);

  return {
    rtpPort: pair.rtpPort,
    rtcpPort: pair.rtcpPort,
    begin({ rtpPort, rtcpPort }) {
      send(pair.rtp, emptyRtpPacket(), rtpPort);
      tellWhatArrives(rtcpPort);
    },
    close() {
      if (closed) return;
      closed = true;
      cancelTimer();
      pair.rtp.close();
      pair.rtcp.close();
    },
  };
}

function widen(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // the system's own size then: what does not fit is lost, and counted
  }
}
