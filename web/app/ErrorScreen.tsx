import { Button } from "@mantine/core";
import { IconAlertTriangle, IconMapQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Emptiness } from "../ui/Emptiness.tsx";

/** Shown in place of a screen that threw. The shell and the station go on. */
export function ErrorScreen() {
  const { t } = useTranslation();
  return (
    <Emptiness icon={IconAlertTriangle} title={t("error.title")} text={t("error.text")}>
      <Button onClick={() => location.reload()}>{t("error.reload")}</Button>
    </Emptiness>
  );
}

export function NotFoundScreen() {
  const { t } = useTranslation();
  return (
    <Emptiness icon={IconMapQuestion} title={t("error.notFound")}>
      <Button component={Link} to="/">
        {t("error.toLive")}
      </Button>
    </Emptiness>
  );
}
