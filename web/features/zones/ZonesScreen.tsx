import { Button } from "@mantine/core";
import { IconCamera, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Camera } from "#contract/cameras.ts";
import { useCameras } from "../../hooks/use-cameras.ts";
import { useCameraZones } from "../../hooks/use-zones.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Screen } from "../../ui/Screen.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { ZonesForm } from "./ZonesForm.tsx";

/** Zones, lines, masks and rules of one camera. */
export function ZonesScreen() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const list = useCameras();
  const camera = list.status === "ready" ? list.cameras.find((known) => known.id === id) : undefined;
  const toCameras = (
    <Button component={Link} to="/cameras" variant="default">
      {t("zones.toCameras")}
    </Button>
  );
  return (
    <Screen title={camera ? t("zones.titleOf", { name: camera.name }) : t("zones.title")} actions={toCameras}>
      {list.status === "loading" && <Waiting label={t("common.loading")} />}
      {list.status === "failed" && (
        <Emptiness icon={IconPlugConnectedX} title={t("live.failedTitle")}>
          <Button onClick={list.retry}>{t("common.retry")}</Button>
        </Emptiness>
      )}
      {list.status === "ready" && !camera && <Emptiness icon={IconCamera} title={t("zones.noCamera")} />}
      {list.status === "ready" && camera && (
        <KnownZones key={camera.id} camera={camera} cameras={list.cameras} />
      )}
    </Screen>
  );
}

function KnownZones({ camera, cameras }: { camera: Camera; cameras: Camera[] }) {
  const { t } = useTranslation();
  const known = useCameraZones(camera.id);
  if (known.status === "loading") return <Waiting label={t("common.loading")} />;
  if (known.status === "ready") return <ZonesForm camera={camera} cameras={cameras} present={known.zones} />;
  return (
    <Emptiness icon={IconPlugConnectedX} title={t("zones.failed")}>
      <Button onClick={known.retry}>{t("common.retry")}</Button>
    </Emptiness>
  );
}
