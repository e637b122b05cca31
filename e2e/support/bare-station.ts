import { randomUUID } from "node:crypto";
import { fillPath, paths } from "#contract/paths.ts";
import { StationAnswer, type StationReport } from "#contract/stations.ts";

/** A station without a page: speaks like one when it is told to, and does as the gateway says. */
export function bareStation(gateway: { url: string }, { capacity = 8 } = {}) {
  const id = randomUUID();
  const session = randomUUID();
  let held: StationReport["held"] = [];
  return {
    held: () => held,
    async speak(): Promise<void> {
      const figures = { capacity, picturesPerS: 4, msPerPicture: 20, model: "none" };
      const report: StationReport = { name: "Bare", session, ...figures, held, returned: [] };
      const response = await post(gateway.url + fillPath(paths.stationHeartbeat, { id }), report);
      const { leases } = StationAnswer.parse(await response.json());
      held = leases.map(({ cameraId, fence }) => {
        return { cameraId, fence, askedPerS: 1, reachedPerS: 1, skippedPerS: 0 };
      });
    },
  };
}

export const post = (address: string, body: unknown): Promise<Response> =>
  fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
