import type { CameraStream } from "#contract/cameras.ts";
import { ErrorAnswer } from "#contract/errors.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { waitForTurn } from "../lib/turns.ts";
import { offerTurns } from "./page-limits.ts";
import type { TransportFailure } from "./transport.ts";

/** The gateway finds the camera within 10 s or says why not. */
const OFFER_TIMEOUT_MS = 12_000;

export type OfferAnswer = { sdp: string; session: URL } | { failure: TransportFailure };

/** Waits its turn, then asks for a session. Null once `cancelled`. */
export async function postOffer(
  of: { id: string; stream: CameraStream },
  sdp: string,
  cancelled: AbortSignal,
): Promise<OfferAnswer | null> {
  const leave = await waitForTurn(offerTurns, cancelled);
  if (!leave) return null;
  const url = new URL(fillPath(paths.whep, of), location.href);
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(OFFER_TIMEOUT_MS)]);
  const headers = { "content-type": "application/sdp" };
  try {
    const response = await fetch(url, { method: "POST", headers, body: sdp, signal });
    const text = await response.text();
    if (!response.ok) return { failure: refusal(response.status, text) };
    return { sdp: text, session: new URL(response.headers.get("location") ?? "", url) };
  } catch (error) {
    return cancelled.aborted ? null : { failure: { kind: "network", detail: String(error) } };
  } finally {
    leave();
  }
}

/** Ends the session at the media server; outlives the page. A 404 is as good: the peer was gone already. */
export function deleteSession(session: URL): void {
  fetch(session, { method: "DELETE", keepalive: true }).catch(() => {});
}

function refusal(status: number, text: string): TransportFailure {
  const { code, message } = readError(text) ?? { code: null, message: `HTTP ${status}` };
  return { kind: code === "media_unavailable" ? "unavailable" : "broken", detail: message };
}

function readError(text: string): ErrorAnswer["error"] | null {
  try {
    return ErrorAnswer.parse(JSON.parse(text)).error;
  } catch {
    return null; // a proxy in between answered
  }
}
