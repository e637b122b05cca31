import type { ChildProcess, spawn as nodeSpawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** How long MediaMTX may take to end by itself before it is ended. */
const GRACE_MS = 2_000;

export type LogLine = { level: "debug" | "info" | "warn" | "error"; text: string };

export type MediamtxChild = {
  /** Undefined when the program could not be started at all. */
  pid: number | undefined;
  /** Resolves when the process is gone, to why it ended. */
  ended: Promise<string>;
  /** Asks it to end, then ends it; resolves when it is gone. */
  end(): Promise<void>;
  /** Ends it now. */
  kill(): void;
};

type StartChild = {
  spawn: typeof nodeSpawn;
  binary: string;
  configFile: string;
  onLine(line: LogLine): void;
};

/** Starts MediaMTX with one configuration file. Never throws: a program that cannot be run is an early end. */
export function startChild({ spawn, binary, configFile, onLine }: StartChild): MediamtxChild {
  const child = spawn(binary, [configFile], {
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment(),
    windowsHide: true,
  });
  // the last resort for an end of the gateway that runs no code of ours but this
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  let lastError = "";
  const onText = (text: string) => {
    const line = parseLine(text);
    // what concerns one path or session never ends MediaMTX
    if (line.level === "error" && !line.text.startsWith("[")) lastError = line.text;
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onText);
  }
  const ended = endOf(child).then((how) => {
    process.off("exit", killWithUs);
    return lastError ? `${how}: ${lastError}` : how;
  });
  return {
    pid: child.pid,
    ended,
    async end() {
      child.kill("SIGTERM");
      const graceOver = new AbortController();
      await Promise.race([ended, delay(GRACE_MS, undefined, { signal: graceOver.signal }).catch(() => {})]);
      graceOver.abort();
      child.kill("SIGKILL"); // does nothing to a process that is gone
      await ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((end) => {
    child.once("error", (error) => end(`MediaMTX could not be started: ${error.message}`));
    // "close" and not "exit": the last line of the log often says why
    child.once("close", (code, signal) => {
      end(signal ? `MediaMTX was ended by ${signal}` : `MediaMTX ended with code ${code}`);
    });
  });
}

const LEVELS = { DEB: "debug", INF: "info", WAR: "warn", ERR: "error" } as const;

/** `2026/11/21 10:21:11 ERR [path x] ...`, and `ERR: ...` from before its logger is there. */
export function parseLine(line: string): LogLine {
  const [, level, text] = /^(?:\S+ \S+ )?(DEB|INF|WAR|ERR):? (.*)$/.exec(line) ?? [];
  // the expression admits no other level
  if (level === undefined || text === undefined) return { level: "debug", text: line };
  return { level: LEVELS[level as keyof typeof LEVELS], text };
}

/**
 * Ours without `MTX_...` and `RTSP_...`: MediaMTX takes settings from them, over the configuration's head. Nor is the
 * database's password any of its business.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const isOurs = (name: string) => /^(MTX_|RTSP_|DATABASE_URL$)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
