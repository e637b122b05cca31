/**
 * Stands in for the MediaMTX program in tests: run as a child process with a configuration file, it offers the control
 * API, WHEP and HLS as far as the gateway uses them. What the source of a path is called decides how it behaves:
 * `.../refused` fails in the log as a camera that is away, `.../locked` as one with another password.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const [argument = ""] = process.argv.slice(2);
const version = process.env.FAKE_MEDIAMTX_VERSION ?? "v1.20.1";
if (argument === "--version") {
  process.stdout.write(`${version}\n`);
} else {
  run(JSON.parse(readFileSync(argument, "utf8")));
}

type Config = {
  apiAddress: string;
  hlsAddress: string;
  webrtcAddress: string;
  authInternalUsers: { user: string; pass: string }[];
};

function run(config: Config): void {
  if (process.env.FAKE_MEDIAMTX_ENDS) {
    process.stdout.write("ERR: it cannot go on\n");
    process.exit(1);
  }
  const sources = new Map<string, string>();
  const [user] = config.authInternalUsers;
  const authorization = `Basic ${Buffer.from(`${user?.user}:${user?.pass}`).toString("base64")}`;
  const serve = (address: string, handle: (request: IncomingMessage, response: ServerResponse) => void) =>
    createServer((request, response) => {
      if (request.headers.authorization === authorization) return handle(request, response);
      response.writeHead(401).end('{"status":"error","error":"authentication error"}');
    }).listen(Number(address.split(":")[1]), "127.0.0.1");

  serve(config.apiAddress, (request, response) => void api(request, response, sources));
  serve(config.hlsAddress, (request, response) => hls(request, response, sources));
  serve(config.webrtcAddress, (request, response) => whep(request, response, sources));
}

async function api(request: IncomingMessage, response: ServerResponse, sources: Map<string, string>) {
  const [, action, name = ""] = /\/config\/paths\/(\w+)\/(.+)$/.exec(request.url ?? "") ?? [];
  const refuse = (status: number, error: string) => response.writeHead(status).end(JSON.stringify({ error }));
  if (request.url?.startsWith("/v3/paths/list")) {
    const items = [...sources.keys()].map((path) => ({ name: path, ready: true, readers: [] }));
    return response.end(JSON.stringify({ itemCount: items.length, pageCount: 1, items }));
  }
  if (action === "add" && sources.has(name)) return refuse(400, "path already exists");
  if (action === "delete" && !sources.delete(name)) return refuse(404, "path configuration not found");
  if (action === "add" || action === "replace") {
    let text = "";
    for await (const chunk of request) text += chunk;
    sources.set(name, JSON.parse(text).source);
  }
  response.end('{"status":"ok"}');
}

/** True when the path's source works; else says in the log why not, and leaves the reader waiting, as MediaMTX does. */
function works(name: string, sources: Map<string, string>, response: ServerResponse): boolean {
  const source = sources.get(name);
  if (source === undefined) {
    response.writeHead(400).end(JSON.stringify({ error: `path '${name}' is not configured` }));
    return false;
  }
  const fault = { refused: "dial tcp: connection refused", locked: "bad status code: 401 (Unauthorized)" }[
    source.split("/").at(-1) ?? ""
  ];
  if (fault === undefined) return true;
  process.stdout.write(`2026/11/21 10:21:12 ERR [path ${name}] [RTSP source] ${fault}\n`);
  return false;
}

const sessions = new Set<string>();

function whep(request: IncomingMessage, response: ServerResponse, sources: Map<string, string>): void {
  const [, name = "", session = ""] = /^\/([^/]+)\/whep(?:\/([^/]+))?$/.exec(request.url ?? "") ?? [];
  // as MediaMTX 1.20 does, it does not ask whether the session plays this path
  if (request.method === "PATCH") return void response.writeHead(sessions.has(session) ? 204 : 404).end();
  if (request.method === "DELETE") return void response.writeHead(sessions.delete(session) ? 200 : 404).end();
  if (!works(name, sources, response)) return;
  const begun = randomUUID();
  sessions.add(begun);
  response.writeHead(201, { location: `/${name}/whep/${begun}`, "content-type": "application/sdp" });
  response.end(`v=0\r\ns=answer from ${process.pid}\r\n`);
}

function hls(request: IncomingMessage, response: ServerResponse, sources: Map<string, string>): void {
  const url = new URL(request.url ?? "", "http://fake");
  const [, name = "", file = ""] = url.pathname.split("/");
  if (file !== "index.m3u8") {
    if (url.searchParams.get("session") !== "s1") return void response.writeHead(401).end();
    return void response.writeHead(200, { "content-type": "video/mp4" }).end(`${name} ${url.search}`);
  }
  if (url.searchParams.get("cookieCheck") !== "1") {
    return void response.writeHead(302, { location: `http://127.0.0.1:1/${name}/index.m3u8` }).end();
  }
  if (!works(name, sources, response)) return;
  response.writeHead(200, { "content-type": "application/vnd.apple.mpegurl" });
  response.end("#EXTM3U\nmain_stream.m3u8?session=s1\n");
}
