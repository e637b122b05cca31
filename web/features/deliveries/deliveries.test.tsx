import { expect, test } from "vitest";
import { aLedger, aQueuePayload, aStationLedger } from "#contract/examples.ts";
import { emptyInS } from "#contract/ledger.ts";
import { SinkTroubleCode } from "#contract/sink-troubles.ts";
import { answeredWith, failureSentence } from "../../lib/gateway-failure.ts";
import { ParkedCode } from "../../lib/parked-code.ts";
import screens from "../../locales/en.screens.json" with { type: "json" };
import { rendered } from "../../locales/rendered.memory.tsx";
import { LedgerAlarm } from "./LedgerAlarm.tsx";
import { LedgerFigures } from "./LedgerFigures.tsx";
import { accountedFor, isSound, placesOf } from "./ledger.ts";
import { faultsOf } from "./payload-faults.ts";
import { rateOf, type Sample, withSample } from "./recent-rate.ts";
import { TroubleNote } from "./TroubleNote.tsx";
import { useFailureWords } from "./use-failure-words.ts";

test("a ledger shows arrived, waiting and parked always, the rest once there is something", () => {
  const names = (ledger: Parameters<typeof placesOf>[0]) => placesOf(ledger).map(({ place }) => place);
  expect(names(aLedger())).toEqual(["acknowledged", "waiting", "parked"]);
  expect(names(aStationLedger({ dropped: 1, expired: 2 }))).toEqual([
    "acknowledged",
    "waiting",
    "parked",
    "dropped",
    "expired",
  ]);
});

test("what another station told counts in the sum of a device", () => {
  const ledger = aStationLedger({
    created: 6,
    acknowledged: 1,
    waiting: 1,
    parked: 1,
    dropped: 1,
    discarded: 1,
  });
  expect(accountedFor(ledger)).toBe(5);
  expect(isSound(ledger)).toBe(false);
  expect(isSound({ ...ledger, expired: 1 })).toBe(true);
});

test("a sum that agrees is an alarm all the same when the rows were counted otherwise", () => {
  expect(isSound(aLedger({ created: 1, waiting: 1, isBalanced: false }))).toBe(false);
});

test("how long until all is sent is told while something is sent, and is nothing when nothing waits", () => {
  expect([emptyInS(30, 2), emptyInS(0, 0), emptyInS(0, null)]).toEqual([15, 0, 0]);
  expect([emptyInS(30, 0), emptyInS(30, null)]).toEqual([null, null]);
});

test("a ledger that does not balance is an alarm on its card and above all cards", () => {
  const ledger = aLedger({ created: 5, acknowledged: 3, isBalanced: false });
  const card = rendered(<LedgerFigures name="Broker" ledger={ledger} />);
  expect(card).toContain("The sums do NOT agree: made 5, accounted for 3");
  expect(card).toContain('role="alert"');
  const alarm = rendered(<LedgerAlarm ledgers={[{ id: "1", name: "Broker", ledger }]} />, "pt-BR");
  expect(alarm).toContain("Broker: criados 5, contados 3");
  const quiet = rendered(<LedgerAlarm ledgers={[{ id: "1", name: "Broker", ledger: aLedger() }]} />);
  expect(quiet).not.toContain("alert");
});

test("each trouble of a destination has words, and no words are without a trouble", () => {
  expect(Object.keys(screens.deliveries.trouble)).toEqual(SinkTroubleCode.options);
});

test("a trouble is told in the page's language, and what the receiver said as it said it", () => {
  const reason = "the receiver does not accept the key: HTTP 401: expired";
  const told = { reason, trouble: { code: "key_refused", detail: "HTTP 401: expired" } as const };
  const note = rendered(<TroubleNote told={told} />, "pt-BR");
  expect(note).toContain("O destino não aceita a chave.");
  expect(note).toContain("O destino diz: “HTTP 401: expired”");
  expect(note).not.toContain("the receiver");
});

test("what is no receiver's word is not told as one", () => {
  const told = { reason: "", trouble: { code: "certificate", detail: "CERT_HAS_EXPIRED" } as const };
  expect(rendered(<TroubleNote told={told} />, "pt-BR")).toContain("Detalhe: CERT_HAS_EXPIRED");
});

test("what was parked before there were codes shows the reason that is stored", () => {
  const note = rendered(<TroubleNote told={{ reason: "wrong field" }} code="http_422" />, "pt-BR");
  expect(note).toContain("wrong field");
  expect(note).toContain("http_422");
});

test("each reason to park on this device has words, and no words are without one", () => {
  expect(Object.keys(screens.deliveries.refusal)).toEqual(ParkedCode.options);
});

test("why the gateway refused an event is told in the page's language, and what is wrong as the gateway said it", () => {
  const note = (refusal: ParkedCode, reason: string) =>
    rendered(<TroubleNote told={{ reason, refusal }} code={refusal} />, "pt-BR");
  const refused = note("invalid_payload", "payload length: too big");
  expect(refused).toContain("O conteúdo do evento não é como este tipo pede.");
  expect(refused).toContain("A central diz: “payload length: too big”");
  expect(note("broken_row", "The row on this device cannot be read.")).not.toContain("The row");
});

test("a fault that the page sees itself is told instead of the gateway's words for it", () => {
  const faults = faultsOf("queue.detected", { ...aQueuePayload(), length: -1 });
  const told = { reason: "payload length: too small", refusal: "invalid_payload", faults } as const;
  const note = rendered(<TroubleNote told={told} />, "pt-BR");
  expect(note).toContain("“length” deve ser 0 ou mais.");
  expect(note).not.toContain("too small");
});

test("a refusal of a newer gateway shows its own reason", () => {
  expect(rendered(<TroubleNote told={{ reason: "not on a Sunday" }} code="closed" />)).toContain(
    "not on a Sunday",
  );
});

test("why this device cannot send is told in the page's language; a browser's own message as it is", () => {
  const Told = ({ lastError }: { lastError: string }) => <p>{useFailureWords()(lastError)}</p>;
  const shown = (lastError: string) => rendered(<Told lastError={lastError} />, "pt-BR");
  expect(shown(failureSentence({ kind: "unreachable" }))).toContain("<p>A central está fora de alcance.</p>");
  expect(shown(answeredWith(503, "storage_unavailable"))).toContain("respondeu 503 (storage_unavailable)");
  expect(shown("disk full")).toContain("disk full");
});

const sampled = (...pairs: [number, number][]): Sample[] =>
  pairs.reduce<Sample[]>((samples, [atMs, acknowledged]) => withSample(samples, { atMs, acknowledged }), []);

test("the rate is that of the last minute, and unknown before there are two seconds of it", () => {
  expect(rateOf(sampled([0, 0], [1_000, 10]))).toBeNull();
  expect(rateOf(sampled([0, 0], [2_000, 10]))).toBe(5);
  expect(rateOf(sampled([0, 0], [50_000, 1_000], [70_000, 1_000], [100_000, 1_100]))).toBe(2);
});

test("a clock that was put back, and a database that was cleared, begin the rate anew", () => {
  expect(sampled([10_000, 5], [20_000, 9], [5_000, 9])).toHaveLength(1);
  expect(sampled([10_000, 5], [20_000, 0])).toEqual([{ atMs: 20_000, acknowledged: 0 }]);
});
