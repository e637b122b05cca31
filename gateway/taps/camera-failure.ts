import type { CameraFault } from "#contract/cameras.ts";
import { maskAddresses } from "../kernel/logger.ts";

/** Why a camera's stream could not be had or ended. The message is for a technician and never holds a password. */
export class CameraFailure extends Error {
  readonly fault: CameraFault;
  /** Not even the port answered: it is enough to knock there until somebody listens. */
  readonly nobodyThere: boolean;
  constructor(fault: CameraFault, detail: string, options?: ErrorOptions & { nobodyThere?: boolean }) {
    super(tidy(detail), options);
    this.name = "CameraFailure";
    this.fault = fault;
    this.nobodyThere = options?.nobodyThere ?? false;
  }
}

const FAULT_OF_CODE: Record<string, { fault: CameraFault; detail: string }> = {
  ECONNREFUSED: { fault: "refused", detail: "the connection was refused" },
  EHOSTUNREACH: { fault: "unreachable", detail: "no route to the host" },
  ENETUNREACH: { fault: "unreachable", detail: "the network is unreachable" },
  EHOSTDOWN: { fault: "unreachable", detail: "the host is down" },
  ENETDOWN: { fault: "unreachable", detail: "the network is down" },
  EADDRNOTAVAIL: { fault: "unreachable", detail: "the address cannot be reached from here" },
  ENOTFOUND: { fault: "unreachable", detail: "the host name is not known" },
  EAI_AGAIN: { fault: "unreachable", detail: "the host name could not be looked up" },
  ETIMEDOUT: { fault: "unreachable", detail: "the host does not answer" },
  ECONNRESET: { fault: "dropped", detail: "the camera reset the connection" },
  EPIPE: { fault: "dropped", detail: "the camera closed the connection" },
};

/** What a socket's error means. Anything not known is `protocol`: TLS that fails, most often. */
export function failureOfSocket(error: Error): CameraFailure {
  // node:net and node:tls give system errors a `code`
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const known = Object.hasOwn(FAULT_OF_CODE, code) ? FAULT_OF_CODE[code] : undefined;
  if (known) {
    const nobodyThere = known.fault !== "dropped";
    return new CameraFailure(known.fault, known.detail, { cause: error, nobodyThere });
  }
  return new CameraFailure("protocol", error.message, { cause: error });
}

export const noUdpPackets = (): CameraFailure =>
  new CameraFailure(
    "timeout",
    "the camera plays, but no UDP packet arrives: a firewall may hold them up, or the camera sends over TCP only",
  );

/** Cameras word their own reasons: one line, printable, short, and no address with a password. */
function tidy(detail: string): string {
  return maskAddresses(detail.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, " ")).slice(0, 200);
}
