import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** What tells a process from another that got the same number later. */
export type ProcessDescription = {
  /** In the system's own form; only good for comparing. */
  startedAt: string;
  /** The command line, without quotes. */
  command: string;
  parentPid: number;
};

/** Undefined when there is no such process, or the system does not tell. */
export async function describeProcess(
  pid: number,
  platform: string = process.platform,
): Promise<ProcessDescription | undefined> {
  try {
    if (platform === "linux") return await fromProc(pid);
    if (platform === "win32") return parseWindows(await run("powershell", windowsQuestion(pid)));
    return parsePs(await run("ps", ["-o", "ppid=,lstart=,command=", "-p", String(pid)]));
  } catch {
    return undefined; // gone, or not to be seen: either way nothing we may touch
  }
}

async function fromProc(pid: number): Promise<ProcessDescription | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).replace(/\0$/, "").replaceAll("\0", " ");
  // the name in brackets may hold anything; from the third field on: state, parent, ..., start time (the 22nd)
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return undefined; // ended already, only not yet taken note of
  return { startedAt: fields[19] ?? "", command, parentPid: Number(fields[1]) };
}

/** `  501 Sat Nov 21 10:21:11 2026 /usr/bin/mediamtx /data/media/mediamtx.yml` */
export function parsePs(line: string): ProcessDescription | undefined {
  const [, parentPid, startedAt, command] =
    /^\s*(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*?)\s*$/.exec(line) ?? [];
  if (parentPid === undefined || startedAt === undefined || command === undefined) return undefined;
  return { startedAt, command, parentPid: Number(parentPid) };
}

function windowsQuestion(pid: number): string[] {
  const fields = "$p.ParentProcessId, $p.CreationDate.ToFileTimeUtc(), $p.CommandLine";
  const script = `$p = Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}'; ${fields}`;
  return ["-NoProfile", "-NonInteractive", "-Command", script];
}

/** Three lines: parent, start, command line with quotes around what holds blanks. */
export function parseWindows(printed: string): ProcessDescription | undefined {
  const [parentPid, startedAt, command] = printed.trim().split(/\r?\n/);
  if (!parentPid || !startedAt || !command) return undefined;
  return {
    startedAt,
    command: command.replaceAll('"', "").replace(/\s+/g, " "),
    parentPid: Number(parentPid),
  };
}

function run(program: string, args: string[]): Promise<string> {
  return new Promise((done, failed) => {
    execFile(program, args, { timeout: 10_000, windowsHide: true }, (error, printed) =>
      error ? failed(error) : done(printed),
    );
  });
}
