import { type SinkTrouble, SinkTroubleCode } from "#contract/sink-troubles.ts";

/**
 * What logs, the database and readers of `reason` are told of a trouble. `troubleIn` knows the parked events of before by
 * these sentences: of one that is worded anew, those keep their old one.
 */
const SENTENCES: Record<SinkTroubleCode, string> = {
  name_unknown: "the name in the address is not known here",
  unreachable: "the address cannot be reached",
  nothing_answers: "nothing answers at the address",
  broke_off: "the connection broke off",
  no_answer_in_time: "no answer came in time",
  certificate: "the certificate is not trusted",
  no_tls: "no encrypted connection came about",
  no_connection: "the connection failed",

  bad_header: "a header holds characters that HTTP cannot carry",
  key_refused: "the receiver does not accept the key",
  nothing_at_address: "there is nothing at this address",
  redirects: "it redirects to another address, which is not followed",
  busy: "the receiver takes nothing at the moment",
  broken_receiver: "the receiver has a fault of its own",
  unexpected_answer: "the receiver does not take it in this way",
  table_unfit: "the table is not as it must be",
  not_a_gateway: "what answers there is no Guarita gateway",
  not_frigate: "what answers there is no Frigate",
  no_such_camera: "Frigate has no camera of this name; name it in this sink's list of cameras",
  not_written_yet: "Frigate has not written it yet",
  said_nothing: "the receiver said nothing of this event",

  login_refused: "the broker refuses this user name and password",
  client_id_refused: "the broker refuses this client id",
  client_id_taken: "another client connected to the broker with the same client id",
  shutting_down: "the broker is shutting down",
  no_greeting: "the broker hung up instead of greeting",
  hung_up: "the broker ended the connection",
  no_right: "this user may not write there",
  no_acknowledgement: "the broker takes no message that it would acknowledge (QoS 1)",
  no_retained: "the broker keeps no retained messages",
  not_taken: "the broker did not take a message",
  exchange_missing: "an exchange is missing at the broker",
  exchange_unfit: "an exchange of this name is at the broker already, and is of another kind",
  no_queue: "no queue is bound for this event",

  refused: "the receiver refuses this event",
  too_large: "the receiver takes no event as large as this one",

  stopped: "it was stopped",
  internal: "the gateway itself failed",
};

export const reasonOf = ({ code, detail }: SinkTrouble): string =>
  detail === undefined ? SENTENCES[code] : `${SENTENCES[code]}: ${detail}`;

/** The trouble that `reasonOf` made this text of; null of any other text. The dead letter keeps the text alone. */
export function troubleIn(reason: string): SinkTrouble | null {
  const code = SinkTroubleCode.options.find((one) => `${reason}: `.startsWith(`${SENTENCES[one]}: `));
  if (code === undefined) return null;
  const detail = reason.slice(SENTENCES[code].length + 2);
  return detail === "" ? { code } : { code, detail };
}
