import { ReasonCodes } from "mqtt";
import type { Delivered } from "../sink.ts";
import { lineReason, shortened } from "./line-reason.ts";

/** Reason codes of MQTT 5 (2.4), and below 128 those of a CONNACK of 3.1.1. */
const PLAIN: Record<number, string> = {
  2: "the broker refuses this client id",
  4: "the broker refuses this user name and password",
  5: "the broker refuses this user name and password",
  133: "the broker refuses this client id",
  134: "the broker refuses this user name and password",
  135: "the broker refuses this user name and password",
  139: "the broker is shutting down",
  142: "another client connected to the broker with the same client id",
  154: "the broker keeps no retained messages",
};
const VERSION_CODES = [1, 132];

/** Malformed packet, topic name invalid, packet too large, payload format invalid. */
const CONTENTS_FAULTS = [129, 144, 149, 153];
export const isContentsFault = (code: number): boolean => CONTENTS_FAULTS.includes(code);

/** Why a broker did not take the connection, or ended it. `isVersion`: it does not speak this version of MQTT. */
export function connectReason(error: unknown): { reason: string; isVersion: boolean } {
  const code = codeOf(error);
  if (code === undefined) return { reason: lineReason(error), isVersion: false };
  const reason = PLAIN[code] ?? `the broker ended the connection: ${textOf(code)}`;
  return { reason, isVersion: VERSION_CODES.includes(code) };
}

/**
 * What a PUBACK that is not a success says of a message. Only what is wrong with the message itself is a refusal: that
 * this user may not write to a topic is for a person to change, and so is a full quota.
 */
export function pubackOutcome(error: unknown, message: { topic: string; payload: string }): Delivered {
  const code = codeOf(error);
  if (code === undefined) return { outcome: "retry", reason: lineReason(error) };
  if (!isContentsFault(code)) {
    return {
      outcome: "retry",
      reason: `the broker did not take a message for ${message.topic}: ${textOf(code)}`,
    };
  }
  return {
    outcome: "refused",
    code: `mqtt_${code}`,
    reason: `the broker refuses the message: ${textOf(code)}`,
    request: shortened(`PUBLISH ${message.topic} ${message.payload}`),
    answer: `PUBACK ${code} ${textOf(code)}`,
  };
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "number" ? error.code : undefined;
}

const textOf = (code: number): string => ReasonCodes[code as keyof typeof ReasonCodes] || `code ${code}`;
