/** Why something could not be brought to the gateway. `answer`: its HTTP status, and its own code where it gave one. */
export type GatewayFailure =
  | { kind: "unreachable" | "late" | "unreadable" | "left_out" }
  | { kind: "answered"; answer: string };

const SENTENCES = {
  unreachable: "The gateway cannot be reached.",
  late: "The gateway did not answer in time.",
  unreadable: "The gateway's answer was cut off or is not one.",
  left_out: "The gateway left events without an answer.",
} as const;
const ANSWERED = /^The gateway answered (.+)\.$/;

/** What is kept with a queue, and told where nobody chose a language. */
export function failureSentence(failure: GatewayFailure): string {
  return failure.kind === "answered" ? `The gateway answered ${failure.answer}.` : SENTENCES[failure.kind];
}

/** What of an answer that is no success is told. */
export const answeredWith = (httpStatus: number, code: string | undefined): string =>
  failureSentence({ kind: "answered", answer: code ? `${httpStatus} (${code})` : String(httpStatus) });

/** The failure that a kept sentence tells of; null of any other text, such as a browser's own. */
export function failureIn(sentence: string): GatewayFailure | null {
  const answer = ANSWERED.exec(sentence)?.[1];
  if (answer !== undefined) return { kind: "answered", answer };
  const kinds = Object.keys(SENTENCES) as (keyof typeof SENTENCES)[]; // its own keys
  const kind = kinds.find((one) => SENTENCES[one] === sentence);
  return kind === undefined ? null : { kind };
}
