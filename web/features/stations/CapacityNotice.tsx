import { Alert } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StationList } from "#contract/stations.ts";
import { crowdedOut, lookedAtNow } from "./station-list.ts";

/** Said when more moves than all devices together bear; nothing otherwise. */
export function CapacityNotice({ list }: { list: StationList }) {
  const { t } = useTranslation();
  const cameras = lookedAtNow(list);
  const crowded = crowdedOut(cameras).length;
  if (crowded === 0) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconGauge aria-hidden />}
      title={t("stations.overTitle", { count: crowded, cameras: cameras.length })}
    >
      {t("stations.overText")}
    </Alert>
  );
}
