import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { EvidenceData } from "#contract/evidence.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { ApiError } from "../api/api-error.ts";
import type { EvidenceStatus } from "../evidence/evidence.ts";
import { queryKeys } from "./query-keys.ts";
import { useServices } from "./services.ts";
import { useApi } from "./use-api.ts";

export type { EvidenceStatus } from "../evidence/evidence.ts";

export type EvidenceState =
  | { status: "loading" }
  | { status: "here"; data: EvidenceData }
  /** The gateway does not have it, or not yet: it is told when it comes. */
  | { status: "on_its_way" }
  /** Its time is over. */
  | { status: "gone" }
  | { status: "failed" };

/** Where a picture can be had. */
export const pictureAddress = (mediaId: string): string => fillPath(paths.evidence, { mediaId });

/** What is known of an event's picture; asked only when `isWanted`. */
export function useEvidence(mediaId: string, isWanted: boolean): EvidenceState {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: queryKeys.evidence(mediaId),
    queryFn: ({ signal }) => api.evidenceData(mediaId, signal),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY, // it never changes
    retry: (failures, cause) => isUnreachable(cause) && failures < 2,
  });
  if (data) return { status: "here", data };
  if (!error) return { status: "loading" };
  const code = error instanceof ApiError ? error.code : "";
  if (code === "gone") return { status: "gone" };
  return { status: code === "not_found" ? "on_its_way" : "failed" };
}

const isUnreachable = (cause: unknown): boolean => cause instanceof ApiError && cause.code === "unreachable";

/** This browser's pictures that the gateway does not have yet. */
export function useEvidenceOutbox(): EvidenceStatus {
  const { evidence } = useServices();
  return useSyncExternalStore(evidence.subscribe, evidence.status);
}
