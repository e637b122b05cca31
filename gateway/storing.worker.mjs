// Where the thread begins that stores events while many come in.
await import("./compile-cache.mjs");
await import("./store-in-thread.ts");
