import { ReasonCodes } from "mqtt";
import type { SinkTrouble, SinkTroubleCode } from "#contract/sink-troubles.ts";
import type { Delivered } from "../sink.ts";
import { networkTrouble } from "./network-trouble.ts";
import { shortened } from "./shortened.ts";

/** What ends a connection: reason codes of MQTT 5 (2.4), and below 128 those of a CONNACK of 3.1.1. */
const ENDS: Record<number, SinkTroubleCode> = {
  2: "client_id_refused",
  3: "busy",
  4: "login_refused",
  5: "login_refused",
  133: "client_id_refused",
  134: "login_refused",
  135: "login_refused",
  136: "busy",
  137: "busy",
  139: "shutting_down",
  142: "client_id_taken",
  154: "no_retained",
};
const VERSION_CODES = [1, 132];

/** Malformed packet, topic name invalid, packet too large, payload format invalid. */
const CONTENTS_FAULTS = [129, 144, 149, 153];
const isContentsFault = (code: number): boolean => CONTENTS_FAULTS.includes(code);
const TOO_LARGE = 149;
const NOT_AUTHORIZED = 135;
const QUOTA_EXCEEDED = 151;
/** Of a message in the dead letter. */
const MAX_TEXT = 2_000;

/** Why a broker did not take the connection. `isVersion`: it does not speak this version of MQTT. */
export function connectTrouble(error: unknown): { trouble: SinkTrouble; isVersion: boolean } {
  const code = codeOf(error);
  if (code === undefined) return { trouble: networkTrouble(error), isVersion: false };
  return { trouble: endTrouble(code), isVersion: VERSION_CODES.includes(code) };
}

/** Why a broker ended the connection; with a `code` it did so because of what was sent. */
export function disconnectTrouble(code: number): { trouble: SinkTrouble; code?: string } {
  if (!isContentsFault(code)) return { trouble: endTrouble(code) };
  return { trouble: contentsTrouble(code), code: `mqtt_${code}` };
}

function endTrouble(code: number): SinkTrouble {
  const known = ENDS[code];
  return known ? { code: known } : { code: "hung_up", detail: textOf(code) };
}

const contentsTrouble = (code: number): SinkTrouble => ({
  code: code === TOO_LARGE ? "too_large" : "refused",
  detail: textOf(code),
});

/**
 * What a PUBACK that is not a success says of a message. Only what is wrong with the message itself is a refusal: that
 * this user may not write to a topic is for a person to change, and so is a full quota.
 */
export function pubackOutcome(error: unknown, message: { topic: string; payload: string }): Delivered {
  const code = codeOf(error);
  if (code === undefined) return { outcome: "retry", trouble: networkTrouble(error) };
  if (!isContentsFault(code)) return { outcome: "retry", trouble: notTaken(code, message.topic) };
  return {
    outcome: "refused",
    code: `mqtt_${code}`,
    trouble: contentsTrouble(code),
    request: shortened(`PUBLISH ${message.topic} ${message.payload}`, MAX_TEXT),
    answer: `PUBACK ${code} ${textOf(code)}`,
  };
}

function notTaken(code: number, topic: string): SinkTrouble {
  if (code === QUOTA_EXCEEDED) return { code: "busy", detail: textOf(code) };
  if (code === NOT_AUTHORIZED) return { code: "no_right", detail: topic };
  return { code: "not_taken", detail: `${topic}: ${textOf(code)}` };
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "number" ? error.code : undefined;
}

const textOf = (code: number): string => ReasonCodes[code as keyof typeof ReasonCodes] || `code ${code}`;
