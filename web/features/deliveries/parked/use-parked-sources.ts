import type { ParkedEvent } from "#contract/sinks.ts";
import { type ParkedHere, useParkedHere, useParkedHereChanges } from "../../../hooks/use-parked-here.ts";
import { useParked, useParkedChanges } from "../../../hooks/use-sinks.ts";
import { ParkedCode } from "../../../lib/parked-code.ts";
import { faultsOf } from "../payload-faults.ts";
import type { Chosen, ParkedItem, ParkedSource } from "./parked-source.ts";

/** The only refusal of the gateway that another payload can mend. */
const BAD_PAYLOAD: ParkedCode = "invalid_payload";

const itemHere = ({ receiptId, event, json, code, reason, parkedAtMs }: ParkedHere): ParkedItem => ({
  key: receiptId,
  event,
  json,
  code,
  reason,
  refusal: ParkedCode.safeParse(code).data,
  faults: event && code === BAD_PAYLOAD ? faultsOf(event.event_name, event.payload) : [],
  exchange: null,
  parkedAtMs,
  isCorrectable: event !== null && code === BAD_PAYLOAD,
});

const itemOfSink = ({
  seq,
  event,
  code,
  reason,
  trouble,
  parkedAtMs,
  ...exchange
}: ParkedEvent): ParkedItem => ({
  key: String(seq),
  event,
  json: JSON.stringify(event),
  code,
  reason,
  trouble,
  exchange,
  parkedAtMs,
  isCorrectable: true,
});

/** What the gateway refused of this browser's events. */
export function useParkedSourceHere(): ParkedSource {
  const known = useParkedHere();
  const { retry, discard, correct } = useParkedHereChanges();
  return {
    list: known ? { status: "ready", items: known.parked.map(itemHere), more: null } : { status: "loading" },
    retry: (chosen) => retry.mutateAsync(chosen),
    discard: (chosen, reason) => discard.mutateAsync({ which: chosen, reason }),
    correct: (receiptId, correction) => correct.mutateAsync({ receiptId, ...correction }),
  };
}

const seqsOf = (chosen: Chosen): "all" | number[] => (chosen === "all" ? "all" : chosen.map(Number));

/** What a receiving end refused. */
export function useParkedSourceOf(sinkId: string): ParkedSource {
  const list = useParked(sinkId);
  const { retry, discard, correct } = useParkedChanges(sinkId);
  return {
    list: list.status === "ready" ? { ...list, items: list.parked.map(itemOfSink) } : list,
    retry: (chosen) => retry.mutateAsync(seqsOf(chosen)),
    discard: (chosen, reason) => discard.mutateAsync({ seqs: seqsOf(chosen), reason }),
    correct: (key, correction) => correct.mutateAsync({ seq: Number(key), ...correction }),
  };
}
