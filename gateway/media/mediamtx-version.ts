import { execFile } from "node:child_process";
import { messageOf } from "../kernel/errors.ts";
import { childEnvironment } from "./mediamtx-child.ts";

/** `known: false` is a build of one's own, which names no version: it is taken for a new one. */
export type MediamtxVersion = { text: string; known: boolean; major: number; minor: number };

const OLDEST_MINOR = 5;

/** Reads what `mediamtx --version` prints: `v1.20.1`. */
export function parseVersion(printed: string): MediamtxVersion {
  const [text, major, minor] = /v?(\d+)\.(\d+)\.\d+\S*/.exec(printed) ?? [];
  if (text === undefined || (major === "0" && minor === "0")) {
    return { text: "unknown", known: false, major: 0, minor: 0 };
  }
  return { text: text.replace(/^v/, ""), known: true, major: Number(major), minor: Number(minor) };
}

/** Whether this MediaMTX is of release 1.`minor` or newer. */
export function isSince(version: MediamtxVersion, minor: number): boolean {
  return !version.known || version.major > 1 || (version.major === 1 && version.minor >= minor);
}

export type VersionAnswer =
  | { kind: "usable"; version: MediamtxVersion }
  | { kind: "unusable"; reason: string };

/** Asks the program for its version, and whether Guarita can work with it. */
export function readVersion(binary: string): Promise<VersionAnswer> {
  return new Promise((answer) => {
    execFile(binary, ["--version"], { timeout: 5_000, env: childEnvironment() }, (error, printed) => {
      if (error) {
        return answer({ kind: "unusable", reason: `${binary} cannot be run: ${messageOf(error)}` });
      }
      const version = parseVersion(printed);
      if (isSince(version, OLDEST_MINOR)) return answer({ kind: "usable", version });
      const reason = `${binary} is MediaMTX ${version.text}; Guarita needs 1.${OLDEST_MINOR} or newer.`;
      answer({ kind: "unusable", reason });
    });
  });
}
