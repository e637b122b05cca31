import type { SimulatedCameras } from "../../support/cameras.ts";
import type { Gateway } from "../../support/gateway.ts";
import { mediamtxPid } from "./mediamtx-pid.ts";
import type { View, Way } from "./view.ts";

type Place = { cameras: SimulatedCameras; gateway: Gateway; views: View[] };

export type LiveFault = {
  /** As it stands in a figure's name. */
  name: string;
  begin(place: Place): Promise<void>;
  /** How long it lasts before `end`; 0: it is over as it happens, and what follows is all recovery. */
  lastsMs: number;
  end(place: Place): Promise<void>;
  meets(way: Way): boolean;
};

const meets = () => true;

async function setOffline({ views }: Place, offline: boolean): Promise<void> {
  await Promise.all(views.map(({ context }) => context.setOffline(offline)));
}

/** Pauses the gateway and its MediaMTX, or lets them go on. */
function signalBoth({ gateway }: Place, signal: "SIGSTOP" | "SIGCONT"): void {
  const { pid } = gateway.process();
  for (const one of [pid, mediamtxPid(pid)]) if (one !== undefined) process.kill(one, signal);
}

/** What happens to a live picture in a shop, each to all watched pages at once. */
export const LIVE_FAULTS: LiveFault[] = [
  {
    name: "camera_drop",
    begin: ({ cameras }) => cameras.setFault(0, { kind: "drop" }),
    lastsMs: 3_000,
    end: ({ cameras }) => cameras.clearFault(0),
    meets,
  },
  {
    name: "camera_power_cycle",
    begin: ({ cameras }) => cameras.setListening(false),
    lastsMs: 10_000,
    end: ({ cameras }) => cameras.setListening(true),
    meets,
  },
  {
    // longer than the 15 s after which the connection is made anew
    name: "camera_freeze",
    begin: ({ cameras }) => cameras.setFault(0, { kind: "freeze" }),
    lastsMs: 20_000,
    end: ({ cameras }) => cameras.clearFault(0),
    meets,
  },
  {
    name: "gateway_killed",
    begin: ({ gateway }) => gateway.kill(),
    lastsMs: 3_000,
    end: ({ gateway }) => gateway.start(),
    meets,
  },
  {
    name: "mediamtx_killed",
    begin: async ({ gateway }) => gateway.killMediamtx(),
    lastsMs: 0,
    end: async () => {},
    meets: ({ transport }) => transport !== "direct",
  },
  {
    // as a browser's tools do it: requests fail, but WebRTC's own packets and open WebSockets may go on
    name: "browser_offline",
    begin: (place) => setOffline(place, true),
    lastsMs: 5_000,
    end: (place) => setOffline(place, false),
    meets,
  },
  {
    // what a cut cable is to the page: no packet comes, and nobody says goodbye
    name: "nothing_answers",
    begin: async (place) => signalBoth(place, "SIGSTOP"),
    lastsMs: 8_000,
    end: async (place) => signalBoth(place, "SIGCONT"),
    meets,
  },
];
