import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Camera, CameraStream } from "#contract/cameras.ts";
import { boxesForEvidence, type EvidenceBox } from "#contract/evidence.ts";
import { ApiError } from "../api/api-error.ts";
import { type Services, useServices } from "./services.ts";
import { useProblemWords } from "./use-problem-words.ts";
import { useTimeWords } from "./use-time-words.ts";

/** What a person sees and keeps is said so in the event. */
const REASON = "person";
/** A station's boxes belong to a picture so near to theirs. */
const SAME_MOMENT_MS = 400;
/** After this the person need not wait: the picture is safe here, and goes on by itself. */
const WAIT_FOR_GATEWAY_MS = 4_000;

/** Keeps the picture of a camera as it is now, with the gateway's leave. `keep` resolves to words for the person. */
export function useKeepPicture(): { keep: (camera: Camera) => Promise<string>; isBusy: boolean } {
  const services = useServices();
  const { t } = useTranslation();
  const problem = useProblemWords();
  const { duration } = useTimeWords();
  const [isBusy, setIsBusy] = useState(false);

  async function keep(camera: Camera): Promise<string> {
    setIsBusy(true);
    try {
      const { kind } = await keepPicture(services, camera);
      if (kind === "kept") return t("evidence.kept");
      return kind === "kept_here" ? t("evidence.keptHere") : t(`evidence.failure.${kind}`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "too_many_requests") return problem(error);
      return t("evidence.tooSoon", { wait: duration(error.retryAfterMs ?? 0) });
    } finally {
      setIsBusy(false);
    }
  }

  return { keep, isBusy };
}

async function keepPicture({ api, evidence, snapshots, station }: Services, camera: Camera) {
  const { mediaId } = await api.askSnapshot(camera.id, { reason: REASON });
  const outcome = await snapshots.take(camera.id, streamsOf(camera));
  if (outcome.kind === "failed") return { kind: outcome.failure } as const;
  const { bytes, sha256, takenAtMs } = outcome.picture;
  const boxes = boxesAt(station.latest(camera.id), takenAtMs);
  const facts = { cameraId: camera.id, takenAtMs, reason: REASON, boxes };
  await evidence.keep({ mediaId, sha256, bytes, facts });
  await Promise.race([evidence.flush(), new Promise((resolve) => setTimeout(resolve, WAIT_FOR_GATEWAY_MS))]);
  const isThere = await api.evidenceData(mediaId).then(
    () => true,
    () => false,
  );
  return { kind: isThere ? "kept" : "kept_here" } as const;
}

/** The larger picture first. A camera without a sub stream, or with a single connection, has one tap. */
function streamsOf({ subAddress, singleConnection }: Camera): CameraStream[] {
  return subAddress === undefined || singleConnection ? ["main"] : ["main", "sub"];
}

type Seen = ReturnType<Services["station"]["latest"]>;

function boxesAt(seen: Seen, takenAtMs: number): EvidenceBox[] {
  if (!seen || Math.abs(seen.receivedAtMs - takenAtMs) > SAME_MOMENT_MS) return [];
  return boxesForEvidence(seen.objects.map(({ label, score, box }) => ({ label, score, box })));
}
