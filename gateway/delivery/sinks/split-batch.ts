import { BATCH_LIMIT, type EventRecord } from "#contract/events.ts";
import type { Delivered, SendResult } from "../sink.ts";
import { againAfter, type Failed, type Refused } from "./judge.ts";

/** Events in their order and the JSON of `{ events }` that holds them. */
export type Part = { events: EventRecord[]; body: string };

const ENVELOPE_BYTES = Buffer.byteLength('{"events":[]}');

/** Cuts a batch so that each part keeps the limits of a batch. An event that is too large by itself is a part alone. */
export function splitBatch(events: EventRecord[], limit = BATCH_LIMIT): Part[] {
  const parts: { events: EventRecord[]; texts: string[] }[] = [];
  let bytes = Number.POSITIVE_INFINITY; // there is no part yet that anything would fit into
  for (const event of events) {
    const text = JSON.stringify(event);
    const size = Buffer.byteLength(text) + 1; // its comma
    const last = parts.at(-1);
    if (last && last.events.length < limit.events && bytes + size <= limit.bytes) {
      last.events.push(event);
      last.texts.push(text);
      bytes += size;
    } else {
      parts.push({ events: [event], texts: [text] });
      bytes = ENVELOPE_BYTES + size;
    }
  }
  return parts.map(({ events, texts }) => ({ events, body: `{"events":[${texts.join(",")}]}` }));
}

/** Sends the parts in their order, and stops at the first that did not get through as a whole. */
export async function sendParts(
  parts: Part[],
  sendPart: (part: Part) => Promise<SendResult>,
): Promise<SendResult> {
  const answers: Delivered[] = [];
  for (const part of parts) {
    const result = await sendPart(part);
    if (result.kind === "each") answers.push(...result.answers);
    else if (answers.length === 0) return result;
    else return { kind: "each", answers: [...answers, ...restAgain(parts, answers.length, result)] };
  }
  return { kind: "each", answers };
}

/** The rest comes back as a batch of its own, and is then judged as one. */
function restAgain(parts: Part[], done: number, result: Failed | Refused): Delivered[] {
  const total = parts.reduce((sum, { events }) => sum + events.length, 0);
  return new Array<Delivered>(total - done).fill(againAfter(result));
}
