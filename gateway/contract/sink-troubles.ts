import { z } from "zod";

/** Why a receiving end took nothing, or not this event. Programs branch on it; people read words of their language. */
export const SinkTroubleCode = z.enum([
  // no connection came about, or it ended
  "name_unknown",
  "unreachable",
  "nothing_answers",
  "broke_off",
  "no_answer_in_time",
  /** Not trusted, expired, or of another name. */
  "certificate",
  /** What answers speaks no TLS, or none that both know. */
  "no_tls",
  "no_connection",

  // what an HTTP receiver answered
  "bad_header",
  "key_refused",
  "nothing_at_address",
  "redirects",
  "busy",
  "broken_receiver",
  "unexpected_answer",
  /** Table, column, schema or unique receipt of `supabase`. */
  "table_unfit",
  "not_a_gateway",
  "not_frigate",
  "no_such_camera",
  /** Frigate answers before it writes. */
  "not_written_yet",
  "said_nothing",

  // what a broker answered
  "login_refused",
  "client_id_refused",
  "client_id_taken",
  "shutting_down",
  "no_greeting",
  "hung_up",
  "no_right",
  /** MQTT without QoS 1. */
  "no_acknowledgement",
  /** MQTT without retained messages. */
  "no_retained",
  "not_taken",
  "exchange_missing",
  /** It is of another type. */
  "exchange_unfit",
  /** No queue is bound for this event's name. */
  "no_queue",

  // about the event itself, for good
  "refused",
  "too_large",

  // the gateway's own
  "stopped",
  "internal",
]);
export type SinkTroubleCode = z.infer<typeof SinkTroubleCode>;

/**
 * `detail` is in no language of ours: of a code in `RECEIVER_SAYS` what the receiver answered, shortened, in its own
 * words; of the others a name, a number or a system's message. It holds no secret.
 */
export const SinkTrouble = z.object({ code: SinkTroubleCode, detail: z.string().optional() });
export type SinkTrouble = z.infer<typeof SinkTrouble>;

export const RECEIVER_SAYS: ReadonlySet<SinkTroubleCode> = new Set([
  "key_refused",
  "nothing_at_address",
  "busy",
  "broken_receiver",
  "unexpected_answer",
  "table_unfit",
  "login_refused",
  "hung_up",
  "exchange_missing",
  "exchange_unfit",
  "refused",
]);

/** Beside a `reason` in English, on what is told of a sink. Missing where it is older than the codes, or newer than the reader. */
export const ToldTrouble = SinkTrouble.optional().catch(undefined);
