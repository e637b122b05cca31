import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** Wasm threads need a cross-origin isolated page; the gateway sends the same two headers. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Where `vite` (the development server alone) finds a running gateway. */
const gateway: ProxyOptions = {
  target: `http://127.0.0.1:${process.env.GUARITA_PORT ?? "8080"}`,
  ws: true,
};

/** onnxruntime's wasm is about 13 MB; the page must open offline with it. */
const LARGEST_PRECACHED_BYTES = 20_000_000;
/** The wasm with WebGPU (27 MB): only where it is faster, and kept from its first use on (web/sw/sw.ts). */
const WASM_WITH_WEBGPU = "**/*.asyncify*.wasm";

/** Changes far less often than the page's own code. */
const REACT = {
  name: "react",
  test: /node_modules\/(react|react-dom|scheduler|react-router)\//,
  priority: 1,
};
/**
 * What every visit needs, in one file: shared with screens that come later it would be some fifty small ones, by six
 * connections. Everything else is split by the screen that needs it.
 */
const FIRST_LOAD = { name: "first-load", tags: ["$initial" as const] };

export default defineConfig({
  root: "web",
  publicDir: "../public",
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { groups: [REACT, FIRST_LOAD] } } },
  },
  worker: { format: "es" },
  server: {
    headers: ISOLATED,
    proxy: { "/api": gateway, "/media": gateway, "/models": gateway },
  },
  preview: { headers: ISOLATED },
  plugins: [
    react(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "sw",
      filename: "sw.ts",
      injectRegister: false, // web/app/update.ts registers: an update is offered, never forced
      manifest: false, // public/manifest.webmanifest
      injectManifest: {
        // A classic script: Firefox knows module service workers only from version 147 on.
        rollupFormat: "iife",
        globPatterns: ["**/*.{js,mjs,css,html,wasm,svg,png,woff2,webmanifest}"],
        globIgnores: [WASM_WITH_WEBGPU],
        maximumFileSizeToCacheInBytes: LARGEST_PRECACHED_BYTES,
      },
    }),
  ],
});
