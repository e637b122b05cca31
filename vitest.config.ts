import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{gateway,web,scripts,e2e}/**/*.test.{ts,tsx}"],
    environment: "node",
    globalSetup: "gateway/kernel/postgres-server.setup.ts",
    pool: "threads",
    retry: 0,
    testTimeout: 20_000,
  },
});
