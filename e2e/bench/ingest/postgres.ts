import { startGateway } from "../../support/gateway.ts";
import { type Bench, quantile } from "../report.ts";
import { makeBatches, rateOf } from "./door.ts";

const ROUNDS = 10;

/** The same door before a PostgreSQL, beside the gateway's own file, in turn. It must be an empty database. */
export const postgresBench: Bench = {
  name: "postgres",
  async run(report) {
    const databaseUrl = process.env.DATABASE_URL;
    if (!databaseUrl) {
      report.skip("ingest.postgres_events_per_s", "DATABASE_URL names no empty PostgreSQL database");
      return;
    }
    const postgres = await startGateway({ mediamtx: false, env: { DATABASE_URL: databaseUrl } });
    const file = await startGateway({ mediamtx: false });
    try {
      const rates: number[] = [];
      const ratios: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const beside = await rateOf(file, makeBatches());
        const rate = await rateOf(postgres, makeBatches());
        if (round === 0) continue; // warms both up
        rates.push(rate);
        ratios.push(rate / beside);
      }
      report.add("ingest.postgres_events_per_s", quantile(rates, 0.5), "1/s");
      report.add("ingest.postgres_vs_file", quantile(ratios, 0.5), "ratio");
    } finally {
      await postgres.stop();
      await file.stop();
    }
  },
};
