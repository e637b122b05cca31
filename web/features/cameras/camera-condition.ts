import type { CameraHealth, CameraHealthReason, CameraHealthStatus } from "#contract/camera-health.ts";
import type { CameraState } from "#contract/cameras.ts";

/** How a camera is, out of what its streams say now and what the gateway made of it over time. */
export type Condition = {
  status: CameraHealthStatus | "connecting";
  reason?: CameraHealthReason;
  /** Null while nobody knows. */
  sinceAtMs: number | null;
  /** Absent while nothing is wrong with the connection. */
  trouble?: {
    /** What the camera said, for a technician. */
    detail: string;
    /** Null when it waits for a person. */
    nextTryAtMs: number | null;
    /** It failed so often that it is left alone until then. */
    isLeftAlone: boolean;
  };
};

/** The state wins where it speaks of trouble: it is about every stream that somebody reads. */
export function conditionOf(state: CameraState, health: CameraHealth | undefined): Condition {
  switch (state.status) {
    case "unknown":
      return { status: "unknown", sinceAtMs: null };
    case "connecting":
      return { status: "connecting", sinceAtMs: state.sinceAtMs };
    case "online": {
      if (health?.status !== "degraded") return { status: "online", sinceAtMs: state.sinceAtMs };
      const { reason, sinceAtMs } = health;
      return { status: "degraded", sinceAtMs, ...(reason && { reason }) };
    }
    case "down": {
      const { fault, detail, nextTryAtMs = null, sinceAtMs } = state;
      const isLeftAlone = health?.circuit === "open" && nextTryAtMs !== null;
      const isOwnStatus = fault === "unauthorized" || fault === "frozen";
      return {
        status: isOwnStatus ? fault : "offline",
        reason: fault,
        sinceAtMs,
        trouble: { detail, nextTryAtMs, isLeftAlone },
      };
    }
  }
}
