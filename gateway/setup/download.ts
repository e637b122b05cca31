import { open, rename, rm, stat } from "node:fs/promises";
import { sha256Of } from "../kernel/file-hash.ts";
import { plainReason } from "./plain-reason.ts";

export type DownloadOutcome = { kind: "here" } | { kind: "failed"; reason: string };

type Download = {
  fetch: typeof fetch;
  address: string;
  /** Where the file will stand, whole and verified or not at all. Its folder exists. */
  file: string;
  /** Any of these is the file. */
  sha256: readonly string[];
  /** More than this is never written: a wrong address must not fill the disk. */
  maxBytes: number;
  signal: AbortSignal;
  /** 0 to 1; undefined while the whole size is unknown. */
  onProgress(fraction: number | undefined): void;
  /** A download in which nothing arrives for so long has failed; what came stays and is resumed. */
  stallMs?: number;
};

/**
 * Brings one file: resumes what an earlier try left in `FILE.part`, checks the SHA-256, then moves it into place. A
 * file that is not the expected one is deleted. Throws only when `signal` aborts.
 */
export async function download(request: Download): Promise<DownloadOutcome> {
  const part = `${request.file}.part`;
  try {
    const refusal = await receive(request, part);
    if (refusal !== undefined) return { kind: "failed", reason: refusal };
    const sha256 = await sha256Of(part);
    if (!request.sha256.includes(sha256)) {
      await rm(part, { force: true });
      return { kind: "failed", reason: wrongFile(request.address) };
    }
    await rename(part, request.file);
    return { kind: "here" };
  } catch (error) {
    request.signal.throwIfAborted();
    return { kind: "failed", reason: plainReason(error) };
  }
}

function wrongFile(address: string): string {
  return `what ${new URL(address).host} gave is not the expected file (its SHA-256 differs); a proxy or a sign-in page of the network may stand between`;
}

/** Fills `part`. Returns why it could not, where the server answered but gave no file. */
async function receive(request: Download, part: string): Promise<string | undefined> {
  const haveBytes = await sizeOf(part);
  const watch = watchdog(request.signal, request.stallMs ?? 30_000);
  try {
    const response = await request.fetch(request.address, {
      headers: { "accept-encoding": "identity", ...(haveBytes > 0 && { range: `bytes=${haveBytes}-` }) },
      signal: watch.signal,
    });
    if (response.status === 416) return await refusedRange(request, response, part);
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      return `${new URL(request.address).host} answered ${response.status}`;
    }
    const fromByte = continuesAt(response) === haveBytes ? haveBytes : 0; // without a range it sends all again
    return await write(
      request,
      { body: response.body, part, fromByte, restBytes: sizeSaid(response) },
      watch,
    );
  } finally {
    watch.end();
  }
}

/** The server says that nothing is left to send: either all is here already, or the part is of another file. */
async function refusedRange(
  request: Download,
  response: Response,
  part: string,
): Promise<string | undefined> {
  await response.body?.cancel();
  if (request.sha256.includes(await sha256Of(part))) return undefined;
  await rm(part, { force: true });
  return "the download could not be resumed and starts again";
}

type Incoming = {
  body: ReadableStream<Uint8Array>;
  part: string;
  fromByte: number;
  restBytes: number | undefined;
};

async function write(request: Download, incoming: Incoming, watch: Watchdog): Promise<string | undefined> {
  const { fromByte, restBytes } = incoming;
  const file = await open(incoming.part, fromByte > 0 ? "a" : "w");
  let atByte = fromByte;
  try {
    for await (const chunk of incoming.body) {
      watch.fed();
      atByte += chunk.byteLength;
      if (atByte > request.maxBytes) break;
      await file.write(chunk);
      request.onProgress(restBytes === undefined ? undefined : Math.min(1, atByte / (fromByte + restBytes)));
    }
    await file.sync(); // the rename must not reach the disk before the content
  } finally {
    await file.close();
  }
  if (atByte <= request.maxBytes) return undefined;
  await rm(incoming.part, { force: true });
  return wrongFile(request.address);
}

/** First byte of a partial answer; undefined when the answer holds the whole file. */
function continuesAt(response: Response): number | undefined {
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return response.status === 206 && range ? Number(range[1]) : undefined;
}

function sizeSaid(response: Response): number | undefined {
  const said = response.headers.get("content-length");
  return said === null ? undefined : Number(said);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

type Watchdog = ReturnType<typeof watchdog>;

/** Aborts when it was not fed for `stallMs`, or with `outer`. */
function watchdog(outer: AbortSignal, stallMs: number) {
  const stalled = new AbortController();
  const bite = () =>
    stalled.abort(Object.assign(new Error("the download stood still"), { code: "UND_ERR_BODY_TIMEOUT" }));
  let timer = setTimeout(bite, stallMs);
  return {
    signal: AbortSignal.any([outer, stalled.signal]),
    fed: () => {
      clearTimeout(timer);
      timer = setTimeout(bite, stallMs);
    },
    end: () => clearTimeout(timer),
  };
}
