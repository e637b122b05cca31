import { Alert } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StationList } from "#contract/stations.ts";
import { loadOf } from "./station-list.ts";

/** Said when all devices together hold fewer cameras than there are; nothing otherwise. */
export function CapacityNotice({ list }: { list: StationList }) {
  const { t } = useTranslation();
  const { capacity, cameras } = loadOf(list);
  if (capacity === 0 || cameras <= capacity) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconGauge aria-hidden />}
      title={t("stations.overTitle", { cameras, capacity })}
    >
      {t("stations.overText")}
    </Alert>
  );
}
