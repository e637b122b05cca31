// Where the gateway's process begins.
await import("./compile-cache.mjs");
await import("./main.ts");
