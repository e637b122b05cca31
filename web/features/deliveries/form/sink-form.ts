import { type EventName, EventRecord } from "#contract/events.ts";
import {
  type NewSink,
  SINK_SECRETS,
  type Sink,
  SinkChange,
  type SinkKind,
  type SinkRhythm,
  type SinkTarget,
} from "#contract/sinks.ts";
import { headersIn, linesIn, textOfHeaders } from "./form-text.ts";

export const FIELDS = EventRecord.keyof().options;
export type Field = (typeof FIELDS)[number];

/** What a form does with a secret: it is never shown, so that there is nothing to change. */
export type SecretEntry = { fate: "keep" | "replace" | "forget"; text: string };

/** What the form holds, of all kinds together; each kind uses its own part. */
export type SinkFormValues = {
  name: string;
  isEnabled: boolean;
  /** None: every name. */
  eventNames: EventName[];
  /** Numbers as they are entered; empty fields are texts. */
  everyS: number | string;
  batchEvents: number | string;
  retentionDays: number | string;
  url: string;
  /** One per line. */
  headers: string;
  isGzipped: boolean;
  isHub: boolean;
  schema: string;
  table: string;
  /** Empty: as the field. */
  columns: Record<Field, { isSent: boolean; column: string }>;
  username: string;
  clientId: string;
  /** One per line. */
  topics: string;
  retainsState: boolean;
  exchange: string;
  visionExchange: string;
  cameraExchange: string;
  /** By camera id; empty: as Frigate would write it. */
  cameras: Record<string, string>;
  secrets: Record<string, SecretEntry>;
};

const DEFAULTS: Omit<SinkFormValues, "columns" | "secrets"> = {
  name: "",
  isEnabled: true,
  eventNames: [],
  everyS: 60,
  batchEvents: 200,
  retentionDays: 7,
  url: "",
  headers: "",
  isGzipped: false,
  isHub: false,
  schema: "public",
  table: "guarita_events",
  username: "",
  clientId: "",
  topics: "guarita/{store_id}/{camera_id}/{event_name}",
  retainsState: true,
  exchange: "guarita_events",
  visionExchange: "vision_events",
  cameraExchange: "camera_events",
  cameras: {},
};

/** Of a secret that is not set there is nothing to keep. */
const secretsOf = (kind: SinkKind, set: string[]): SinkFormValues["secrets"] =>
  Object.fromEntries(
    SINK_SECRETS[kind].map((name) => [name, { fate: set.includes(name) ? "keep" : "replace", text: "" }]),
  );

function columnsOf(columns: Partial<Record<Field, string | null>>): SinkFormValues["columns"] {
  const entry = (field: Field) => ({ isSent: columns[field] !== null, column: columns[field] ?? "" });
  // every field of the record has its entry
  return Object.fromEntries(FIELDS.map((field) => [field, entry(field)])) as SinkFormValues["columns"];
}

/** A new sink's form; `rhythm` is what the gateway's settings have for new ones. */
export const emptyForm = (kind: SinkKind, rhythm: Partial<SinkRhythm> = {}): SinkFormValues => ({
  ...DEFAULTS,
  ...rhythmOf(kind, rhythm),
  columns: columnsOf({}),
  secrets: secretsOf(kind, []),
});

function rhythmOf(kind: SinkKind, { everyMs, batchEvents, retentionDays }: Partial<SinkRhythm>) {
  const { everyS, ...usual } = DEFAULTS;
  return {
    // Frigate stamps the start of an event when it hears of it
    everyS: kind === "frigate" ? 0 : everyMs === undefined ? everyS : everyMs / 1_000,
    batchEvents: batchEvents ?? usual.batchEvents,
    retentionDays: retentionDays ?? usual.retentionDays,
  };
}

export function formOf(sink: Sink): SinkFormValues {
  const { name, isEnabled, eventNames, everyMs, batchEvents, retentionDays, target } = sink;
  return {
    ...emptyForm(target.kind),
    name,
    isEnabled,
    eventNames: eventNames ?? [],
    everyS: everyMs / 1_000,
    batchEvents,
    retentionDays,
    ...target,
    // those of its parts that have another form here
    headers: target.kind === "http" ? textOfHeaders(target.headers) : "",
    topics: target.kind === "mqtt" ? target.topics.join("\n") : DEFAULTS.topics,
    columns: columnsOf(target.kind === "supabase" ? target.columns : {}),
    cameras: target.kind === "frigate" ? target.cameras : {},
    secrets: secretsOf(target.kind, sink.secrets),
  };
}

/** Whether or not it is fit to be sent. */
export function targetOf(kind: SinkKind, values: SinkFormValues): SinkTarget {
  const url = values.url.trim();
  const { username, clientId } = values;
  switch (kind) {
    case "http":
      return {
        kind,
        url,
        headers: headersIn(values.headers),
        isGzipped: values.isGzipped,
        isHub: values.isHub,
      };
    case "supabase":
      return { kind, url, schema: values.schema, table: values.table, columns: columnsIn(values.columns) };
    case "mqtt":
      return {
        kind,
        url,
        username,
        clientId,
        topics: linesIn(values.topics),
        retainsState: values.retainsState,
      };
    case "amqp": {
      const { exchange, visionExchange, cameraExchange } = values;
      return { kind, url, username, exchange, visionExchange, cameraExchange };
    }
    case "frigate": {
      const named = Object.entries(values.cameras).filter(([, name]) => name.trim() !== "");
      return { kind, url, cameras: Object.fromEntries(named) };
    }
  }
}

function columnsIn(columns: SinkFormValues["columns"]): Partial<Record<Field, string | null>> {
  const named = FIELDS.flatMap((field): [Field, string | null][] => {
    const { isSent, column } = columns[field];
    if (!isSent) return [[field, null]];
    return column.trim() === "" ? [] : [[field, column]];
  });
  return Object.fromEntries(named);
}

const commonOf = (kind: SinkKind, values: SinkFormValues) => ({
  name: values.name,
  isEnabled: values.isEnabled,
  eventNames: values.eventNames.length > 0 ? values.eventNames : null,
  everyMs: numberIn(values.everyS) * 1_000,
  batchEvents: numberIn(values.batchEvents),
  retentionDays: numberIn(values.retentionDays),
  target: targetOf(kind, values),
});

/** An empty field is no 0. */
const numberIn = (entered: number | string): number => (entered === "" ? Number.NaN : Number(entered));

const entered = (secrets: SinkFormValues["secrets"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(secrets).flatMap(([name, { fate, text }]) =>
      fate === "replace" && text !== "" ? [[name, text]] : [],
    ),
  );

export const newSinkOf = (kind: SinkKind, values: SinkFormValues): NewSink => ({
  ...commonOf(kind, values),
  secrets: entered(values.secrets),
});

export function changeOf(kind: SinkKind, values: SinkFormValues): SinkChange {
  const forgotten = Object.entries(values.secrets).filter(([, { fate }]) => fate === "forget");
  const secrets = {
    ...entered(values.secrets),
    ...Object.fromEntries(forgotten.map(([name]) => [name, null])),
  };
  return { ...commonOf(kind, values), secrets };
}

/** A field of the form that can be wrong, as the last part of a text's key. */
export type FormProblem =
  | Exclude<
      keyof SinkFormValues,
      "isEnabled" | "eventNames" | "isGzipped" | "isHub" | "retainsState" | "secrets"
    >
  | "secret"
  | "urlSecret";

const WILDCARD = /[+#]/;

/** What is wrong, by the path of the form's field; by the contract's own schema. */
export function problemsOf(kind: SinkKind, values: SinkFormValues): Record<string, FormProblem> {
  const { error } = SinkChange.safeParse(changeOf(kind, values));
  const problems: Record<string, FormProblem> = {};
  for (const { path } of error?.issues ?? []) {
    const [first, second] = path.map(String);
    if (first === "secrets") problems[`secrets.${second}.text`] = "secret";
    else if (first === "everyMs") problems.everyS = "everyS";
    else {
      // what stays of a path of the contract is a field of the form of the same name
      const field = (first === "target" ? second : first) as FormProblem;
      problems[field === "cameras" ? `cameras.${String(path[2])}` : field] = field;
    }
  }
  if (kind === "mqtt" && WILDCARD.test(values.topics)) problems.topics = "topics";
  if (problems.url && hasCredentials(values.url)) problems.url = "urlSecret";
  return problems;
}

function hasCredentials(text: string): boolean {
  const url = URL.parse(text.trim());
  return url !== null && (url.username !== "" || url.password !== "");
}
