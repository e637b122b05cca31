import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "./kernel/errors.ts";
import { isLoopbackHost } from "./kernel/http.ts";

export type Settings = {
  /** 0: any free port. */
  port: number;
  /** A loopback address or `localhost`. */
  host: string;
  dataDir: string;
  /** The MediaMTX program to use. */
  mediamtxFile: string | undefined;
  /** A folder with model files. */
  modelsDir: string | undefined;
  logLevel: string;
  /** MediaMTX's media port, UDP and TCP. */
  webrtcPort: number;
  /** Pictures of evidence are kept so long. */
  evidenceDays: number;
  demo: boolean;
};

export type Reading =
  | { kind: "run"; settings: Settings }
  | { kind: "help"; text: string }
  /** One plain sentence for the person who started it. */
  | { kind: "wrong"; message: string };

export const HELP = `Guarita: turns this computer into a camera station.

  npm start                      starts, and prints the address to open
  npm start -- --demo            adds simulated cameras
  npm start -- --help            prints this

Options (after "--"):
  --demo                         adds simulated cameras; they are gone at the next start without it
  --port NUMBER                  the same as GUARITA_PORT, and goes before it
  --help                         prints this text

Environment variables:
  GUARITA_PORT         8080      where the page is served; 0 takes any free port
  GUARITA_HOST         127.0.0.1 the address to listen on; this computer alone (127.0.0.1, ::1, localhost)
                                 until there are user accounts
  GUARITA_DATA         ./data    folder of the database, the key, downloaded programs and models
  GUARITA_MEDIAMTX               the MediaMTX program to use (else PATH, then a download in the background)
  GUARITA_MODELS                 a folder with model files (else a download in the background)
  GUARITA_WEBRTC_PORT  8189      the port of WebRTC pictures, UDP and TCP
  GUARITA_EVIDENCE_DAYS 30       how long pictures of events are kept, in days
  GUARITA_LOG          info      how much to log, as JSON lines on standard error:
                                 fatal, error, warn, info, debug, trace or silent
`;

const port = (lowest: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((value) => value >= lowest && value <= 65_535);

/** One schema a variable, and what to tell whoever wrote something else. */
const VARIABLES = {
  GUARITA_PORT: { schema: port(0), expected: "a whole number from 0 to 65535" },
  GUARITA_WEBRTC_PORT: { schema: port(1), expected: "a whole number from 1 to 65535" },
  GUARITA_HOST: {
    schema: z.string().refine((host) => isLoopbackHost(host.includes(":") ? `[${host}]` : host)),
    expected:
      "an address of this computer alone (127.0.0.1, ::1 or localhost) until Guarita has user accounts",
  },
  GUARITA_EVIDENCE_DAYS: {
    schema: z
      .string()
      .regex(/^\d{1,4}$/)
      .transform(Number)
      .refine((value) => value >= 1 && value <= 3_650),
    expected: "a whole number of days from 1 to 3650",
  },
  GUARITA_LOG: {
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
    expected: "one of fatal, error, warn, info, debug, trace and silent",
  },
};

/** Reads options and environment. Never throws: what is wrong comes back as a sentence. */
export function readSettings(argv: string[], env: Record<string, string | undefined>): Reading {
  try {
    const options = readOptions(argv);
    if (options.help) return { kind: "help", text: HELP };
    const settings: Settings = {
      port:
        options.port === undefined
          ? variable(env, "GUARITA_PORT", 8080)
          : check("GUARITA_PORT", options.port, "--port"),
      host: variable(env, "GUARITA_HOST", "127.0.0.1"),
      dataDir: resolve(env.GUARITA_DATA || "data"),
      mediamtxFile: env.GUARITA_MEDIAMTX || undefined,
      modelsDir: env.GUARITA_MODELS || undefined,
      logLevel: variable(env, "GUARITA_LOG", "info"),
      evidenceDays: variable(env, "GUARITA_EVIDENCE_DAYS", 30),
      webrtcPort: variable(env, "GUARITA_WEBRTC_PORT", 8189),
      demo: options.demo,
    };
    return { kind: "run", settings };
  } catch (error) {
    return { kind: "wrong", message: messageOf(error) };
  }
}

function readOptions(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        demo: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string" },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = messageOf(error).split(/\.\s|\. To/);
    throw new Error(`${sentence}; "npm start -- --help" names every option.`);
  }
}

type Variables = typeof VARIABLES;
type ValueOf<Name extends keyof Variables> = z.output<Variables[Name]["schema"]>;

/** An empty variable counts as none, as shells and service files write it. */
function variable<Name extends keyof Variables>(
  env: Record<string, string | undefined>,
  name: Name,
  byDefault: ValueOf<Name>,
): ValueOf<Name> {
  const text = env[name];
  return text ? check(name, text, name) : byDefault;
}

function check<Name extends keyof Variables>(name: Name, text: string, shownAs: string): ValueOf<Name> {
  const { schema, expected } = VARIABLES[name];
  const result = schema.safeParse(text);
  if (!result.success) throw new Error(`${shownAs} must be ${expected}, not "${text}".`);
  return result.data as ValueOf<Name>; // the schema is the one of that name
}
