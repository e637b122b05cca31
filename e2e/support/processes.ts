import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = join(import.meta.dirname, "..", "..");

export type Running = {
  pid: number;
  /** Every line so far, standard output and error together, for a failure's report. */
  lines: string[];
  /** Resolves with the first line (also one already printed) that `pattern` matches. */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end; returns the exit code, null when a signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  exited(): Promise<number | null>;
};

/**
 * Runs Node, the one that runs the tests, with these arguments in the project's folder. Ends with the test run at the
 * latest.
 */
export function startProcess(args: string[], env: Record<string, string> = {}): Running {
  const entry = args.find((arg) => arg.endsWith(".ts")) ?? "node";
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const onLine = (line: string) => {
    lines.push(line);
    for (const watcher of watchers) watcher(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLine);
  }
  const exit = once(child, "exit").then(([code]) => code as number | null);
  const killWithParent = () => child.kill("SIGKILL");
  process.once("exit", killWithParent);
  void exit.finally(() => process.removeListener("exit", killWithParent));
  return {
    pid: child.pid ?? 0,
    lines,
    line: (pattern, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found) return resolve(found);
        const fail = (why: string) => {
          clearTimeout(timer);
          watchers.delete(watcher);
          reject(new Error(`${entry}: no line like ${pattern} (${why}):\n${lines.slice(-30).join("\n")}`));
        };
        const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
        const watcher = (line: string) => {
          const match = pattern.exec(line);
          if (!match) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(match);
        };
        watchers.add(watcher);
        void exit.then((code) => fail(`it ended with ${code}`));
      }),
    end: (signal = "SIGTERM") => {
      child.kill(signal);
      return exit;
    },
    exited: () => exit,
  };
}
