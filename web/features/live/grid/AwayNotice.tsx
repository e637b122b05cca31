import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useGatewayLink } from "../../../hooks/use-health.ts";
import classes from "./live.module.css";

/** A connection that is made within this time is not worth a word. */
const PATIENCE_MS = 3_000;

/** Says in a corner that the gateway is away, where no banner stands. */
export function AwayNotice() {
  const { t } = useTranslation();
  const isAway = useGatewayLink() !== "here";
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isAway) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  return (
    <div role="status" className={classes.notices}>
      {isAway && isLate && (
        <p className={classes.notice}>
          <IconPlugConnectedX size={18} aria-hidden />
          {t("wall.away")}
        </p>
      )}
    </div>
  );
}
