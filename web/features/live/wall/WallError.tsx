import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Emptiness } from "../../../ui/Emptiness.tsx";
import { wallErrors } from "./wall-errors.ts";

/** Shown where the wall threw or did not come. Nobody stands there to press a button: it opens again by itself. */
export function WallError() {
  const { t } = useTranslation();
  const [leftS, setLeftS] = useState<number | null>(null);
  useEffect(() => {
    const atMs = Date.now() + wallErrors.nextReloadMs();
    function look() {
      const leftMs = atMs - Date.now();
      setLeftS(Math.max(0, Math.ceil(leftMs / 1_000)));
      if (leftMs <= 0) location.reload();
    }
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Emptiness
      icon={IconAlertTriangle}
      title={t("wall.errorTitle")}
      text={leftS === null ? "" : t("wall.errorText", { count: leftS })}
    >
      <Button onClick={() => location.reload()}>{t("error.reload")}</Button>
    </Emptiness>
  );
}
