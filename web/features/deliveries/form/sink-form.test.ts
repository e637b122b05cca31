import { expect, test } from "vitest";
import { anId, aSink } from "#contract/examples.ts";
import { NewSink, SinkChange, type SinkKind, type SinkTarget } from "#contract/sinks.ts";
import { exampleTopic, headersIn } from "./form-text.ts";
import { changeOf, emptyForm, formOf, newSinkOf, problemsOf, type SinkFormValues } from "./sink-form.ts";

const CAMERA = anId();
const TARGETS: Record<SinkKind, SinkTarget> = {
  http: {
    kind: "http",
    url: "https://hub.example/events",
    headers: { "X-Shop": "7", Host: "a:b" },
    isGzipped: true,
    isHub: true,
  },
  supabase: {
    kind: "supabase",
    url: "https://p.supabase.co",
    schema: "shop",
    table: "seen",
    columns: { ts: "at", meta: null },
  },
  mqtt: {
    kind: "mqtt",
    url: "mqtt://broker:1883",
    username: "u",
    clientId: "c",
    topics: ["a/{event_name}", "b"],
    retainsState: false,
  },
  amqp: {
    kind: "amqp",
    url: "amqp://broker",
    username: "u",
    exchange: "e",
    visionExchange: "v",
    cameraExchange: "c",
  },
  frigate: { kind: "frigate", url: "http://frigate:5000", cameras: { [CAMERA]: "front" } },
};
const KINDS = Object.keys(TARGETS) as SinkKind[]; // the keys of the record just above

const filled = (kind: SinkKind, overrides: Partial<SinkFormValues> = {}): SinkFormValues => ({
  ...emptyForm(kind),
  name: "Head office",
  url: TARGETS[kind].url,
  ...overrides,
});

test.each(KINDS)("a %s sink that was opened and not touched is sent as it was", (kind) => {
  const sink = aSink({ target: TARGETS[kind], eventNames: ["queue.detected"], everyMs: 500, secrets: [] });
  const { name, isEnabled, eventNames, everyMs, batchEvents, retentionDays, target } = sink;
  const before = { name, isEnabled, eventNames, everyMs, batchEvents, retentionDays, target, secrets: {} };
  expect(SinkChange.parse(changeOf(kind, formOf(sink)))).toEqual(before);
});

test.each(KINDS)("of a new %s sink a name and an address are enough", (kind) => {
  expect(problemsOf(kind, emptyForm(kind))).toEqual({ name: "name", url: "url" });
  expect(problemsOf(kind, filled(kind))).toEqual({});
  expect(NewSink.parse(newSinkOf(kind, filled(kind)))).toMatchObject({
    everyMs: kind === "frigate" ? 0 : 60_000,
    batchEvents: 200,
    retentionDays: 7,
    eventNames: null,
    secrets: {},
  });
});

test("of a new sink the rhythm is the one that the settings have for new ones", () => {
  const rhythm = { everyMs: 5_000, batchEvents: 50, retentionDays: 30 };
  expect(emptyForm("http", rhythm)).toMatchObject({ everyS: 5, batchEvents: 50, retentionDays: 30 });
});

test("a secret that is set stays when nothing is done, and only what was entered is sent", () => {
  const sink = aSink({ secrets: ["hmacKey"] });
  const values = formOf(sink);
  expect(values.secrets).toMatchObject({ hmacKey: { fate: "keep" }, authorization: { fate: "replace" } });
  expect(changeOf("http", values).secrets).toEqual({});
  const become = (secrets: SinkFormValues["secrets"]) =>
    changeOf("http", { ...values, secrets: { ...values.secrets, ...secrets } }).secrets;
  expect(become({ hmacKey: { fate: "forget", text: "" } })).toEqual({ hmacKey: null });
  expect(become({ hmacKey: { fate: "replace", text: "new" } })).toEqual({ hmacKey: "new" });
  expect(become({ hmacKey: { fate: "replace", text: "" } })).toEqual({});
});

test.each<[string, SinkKind, Partial<SinkFormValues>, Record<string, string>]>([
  ["an address of another protocol", "mqtt", { url: "https://a" }, { url: "url" }],
  ["a password in the address", "amqp", { url: "amqp://u:p@a" }, { url: "urlSecret" }],
  ["a header without a colon", "http", { headers: "Authorization" }, { headers: "headers" }],
  ["no topic", "mqtt", { topics: " \n" }, { topics: "topics" }],
  ["a topic for subscribers", "mqtt", { topics: "a/#" }, { topics: "topics" }],
  ["an empty number", "http", { everyS: "" }, { everyS: "everyS" }],
  ["too large a batch", "http", { batchEvents: 501 }, { batchEvents: "batchEvents" }],
  ["no exchange", "amqp", { exchange: " " }, { exchange: "exchange" }],
])("%s is said where it is", (_, kind, wrong, problems) => {
  expect(problemsOf(kind, filled(kind, wrong))).toEqual(problems);
});

test("two fields in one column, and a secret that is too long, are said where they are", () => {
  const values = filled("supabase");
  const columns = { ...values.columns, ts: { isSent: true, column: "payload" } };
  const secrets = { key: { fate: "replace" as const, text: "x".repeat(4_001) } };
  expect(problemsOf("supabase", { ...values, columns, secrets })).toEqual({
    columns: "columns",
    "secrets.key.text": "secret",
  });
});

test("a name for Frigate that is too long is said at its camera", () => {
  expect(problemsOf("frigate", filled("frigate", { cameras: { [CAMERA]: "x".repeat(201) } }))).toEqual({
    [`cameras.${CAMERA}`]: "cameras",
  });
});

test("a header's value may hold colons", () => {
  expect(headersIn("Link: <https://a>\n\n X-B : c ")).toEqual({ Link: "<https://a>", "X-B": "c" });
});

test("an example of a topic has no level more than its template", () => {
  const topic = exampleTopic("guarita/{camera_id}/{zone_id}/{event_name}", {
    camera_id: CAMERA,
    event_name: "queue.detected",
  });
  expect(topic).toBe(`guarita/${CAMERA}/none/queue.detected`);
});
