import { existsSync } from "node:fs";
import { join } from "node:path";
import compression from "compression";
import express, { type Express, type RequestHandler, Router } from "express";
import { paths } from "#contract/paths.ts";
import type { Health } from "#contract/system.ts";
import { GatewayError } from "./kernel/errors.ts";
import { errorHandler, isLoopbackHost, isOwnOrigin, notFound } from "./kernel/http.ts";
import type { Logger } from "./kernel/logger.ts";
import type { Metrics } from "./kernel/metrics.ts";
import { describeApi, methodsOf } from "./openapi.ts";

export type AppParts = {
  log: Logger;
  version: string;
  health: () => Health;
  metrics: Metrics;
  /** Where a model's file lies: null while it is not here, undefined when no model has such a file. */
  modelFile: (file: string) => string | null | undefined;
  /** The features' routes. */
  routers: Router[];
  /** The built page; may not be there yet. */
  webDir: string;
};

/** The whole HTTP side. Never listens. */
export function buildApp({ log, routers, webDir, ...system }: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders, refuseForeign, compressText());
  app.use(systemRoutes(system), ...routers);
  app.use(pageRoutes(webDir), wrongMethod, notFound, errorHandler(log));
  return app;
}

/**
 * `wasm-unsafe-eval` is for onnxruntime, `blob:` for workers that libraries make, inline styles for the component
 * library. Cross-origin isolation (COOP, COEP) gives the page threads in wasm.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
  next();
};

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/** A foreign `Host` is DNS rebinding; a foreign `Origin` on a changing request is another site using this browser. */
const refuseForeign: RequestHandler = (request, _response, next) => {
  if (!isLoopbackHost(request.headers.host)) {
    throw new GatewayError("forbidden_origin", "The gateway answers under the names of this computer alone.");
  }
  if (!SAFE_METHODS.includes(request.method) && !isOwnOrigin(request)) {
    throw new GatewayError("forbidden_origin", "Only the gateway's own page may change anything.");
  }
  next();
};

/** Video is compressed already, and a compressor would hold it back; so are the models. */
const NEVER_COMPRESSED = new RegExp(`^(/media|${paths.modelFiles})(/|$)`);
const TEXT = /^(text\/|application\/(json|javascript|manifest\+json)|image\/svg)/;

/** What a page or a program asks for by GET and is text. An answer to a batch of events is not: ingest is a hot path. */
function compressText(): RequestHandler {
  const compress = compression({
    filter: (_request, response) => TEXT.test(String(response.getHeader("Content-Type"))),
  });
  return (request, response, next) => {
    const isPlain = request.method !== "GET" || NEVER_COMPRESSED.test(request.path);
    if (isPlain) next();
    else compress(request, response, next);
  };
}

type SystemParts = Pick<AppParts, "version" | "health" | "metrics" | "modelFile">;

function systemRoutes({ version, health, metrics, modelFile }: SystemParts): Router {
  const router = Router();
  const description = JSON.stringify(describeApi(version));

  router.get(paths.health, (_request, response) => {
    response.set("Cache-Control", "no-store").json(health() satisfies Health);
  });
  router.get(paths.metrics, async (_request, response) => {
    const text = await metrics.text();
    // `send` would put its own charset into the format's exact name
    response.set("Cache-Control", "no-store").setHeader("Content-Type", metrics.contentType);
    response.end(text);
  });
  router.get(paths.openApi, (_request, response) => {
    response.type("json").send(description);
  });
  router.get(`${paths.modelFiles}/:file`, (request, response) => {
    const file = modelFile(request.params.file);
    if (file === undefined) throw new GatewayError("not_found", "There is no such model.");
    if (file === null) throw new GatewayError("model_unavailable", "This model's file is not here yet.");
    response.set("Cache-Control", "no-cache").type("application/octet-stream");
    response.sendFile(file, { dotfiles: "allow", cacheControl: false });
  });
  router.get([paths.feed, paths.taps], () => {
    throw new GatewayError("bad_request", "This path speaks WebSocket.");
  });
  return router;
}

const NOT_PAGES = /^\/(api|media|models|assets)(\/|$)/;

/** The built page: files whose names hold a hash for ever, everything else asked for anew. */
function pageRoutes(webDir: string): Router {
  const router = Router();
  router.use(
    express.static(webDir, {
      index: false,
      redirect: false,
      setHeaders(response, file) {
        const isHashed = file.startsWith(join(webDir, "assets"));
        response.setHeader("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }),
  );
  router.get("/{*path}", (request, response, next) => {
    const wantsPage = request.path === "/" || request.headers.accept?.includes("text/html");
    if (!wantsPage || NOT_PAGES.test(request.path)) return next();
    const index = join(webDir, "index.html");
    response.set("Cache-Control", "no-cache");
    if (existsSync(index)) return response.sendFile(index, { dotfiles: "allow", cacheControl: false });
    response.status(503).set("Retry-After", "3").type("html").send(BEING_BUILT);
  });
  return router;
}

const BEING_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>Guarita</title><p>The page is being built. It opens here by itself.
<p lang="pt-BR">A página está sendo montada. Ela abre aqui sozinha.</html>`;

/** A known path with a method it does not have. */
const wrongMethod: RequestHandler = (request, response, next) => {
  const allowed = methodsOf(request.path);
  if (allowed.length === 0 || allowed.includes(request.method)) return next();
  response.set("Allow", allowed.join(", "));
  throw new GatewayError("method_not_allowed", `${request.path} takes ${allowed.join(", ")} only.`);
};
