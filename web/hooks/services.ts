import { createContext, use } from "react";
import type { Camera } from "#contract/cameras.ts";
import type { ModelCheck } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { CameraZones, Shop } from "#contract/zones.ts";
import type { Feed } from "../api/feed.ts";
import type { GatewayApi } from "../api/gateway-api.ts";
import type { Snapshots } from "../evidence/create-snapshots.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { PinnedTransports } from "../media/pinned-transports.ts";
import type { Player, PlayerFacts } from "../media/player.ts";
import type { Sync } from "../sync/sync.ts";
import type { CameraResult, PlateFacts, StationStatus } from "../vision/station.ts";
import type { QueueBoard } from "./queue-board.ts";

/** What the station needs to know to work; every part may be unknown at first and change later. */
export type StationFacts = {
  /** Null until a gateway told it once. */
  storeId: string | null;
  cameras: Camera[];
  zones: CameraZones[];
  /** Null where the gateway never told it. */
  shop: Shop | null;
  model: ModelEntry | null;
  plates: PlateFacts;
};

/** A result and when this page got it, by this device's clock. */
export type ArrivedResult = CameraResult & { arrivedAtMs: number };

/** The page's one station: made once the store is known, and told every change. */
export type StationHost = {
  setFacts(facts: StationFacts): void;
  /** What the gateway lets it look at, by camera id. */
  setLeases(fences: ReadonlyMap<string, number>): void;
  /** What another station knew of a camera that comes next. */
  resume(known: { cameraId: string; watch: unknown; ageMs: number }): void;
  /** Measures this device again; nothing is analysed meanwhile. */
  measureAgain(): void;
  status(): StationStatus;
  onStatus(listener: () => void): () => void;
  /** The newest result of a camera; the same object until the next one. */
  latest(cameraId: string): ArrivedResult | null;
  onResult(cameraId: string, listener: () => void): () => void;
  /** The queues that this page's own station told of; the same object until the next change. */
  queues(): QueueBoard;
  onQueues(listener: () => void): () => void;
};

/** What the page knows about its own newer version. */
export type UpdateOffer = {
  isReady(): boolean;
  subscribe(listener: () => void): () => void;
  /** Looks for a newer version now, and not only every half hour. */
  look(): void;
  /** Lets the new version take over and loads the page again. */
  accept(): void;
};

export type CreatePlayer = (facts: PlayerFacts) => Player;

/** The plain services that hooks bind to React. Made by `web/app/services.ts`. */
export type Services = {
  api: GatewayApi;
  feed: Feed;
  sync: Sync;
  evidence: Evidence;
  snapshots: Snapshots;
  station: StationHost;
  /** This browser among the stations. */
  stationId: string;
  update: UpdateOffer;
  createPlayer: CreatePlayer;
  pins: PinnedTransports;
  /** Runs a model on test pictures. Rejects when its file cannot be had. */
  checkModel(model: ModelEntry): Promise<ModelCheck>;
};

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("useServices outside of ServicesContext");
  return services;
}
