import { Anchor, Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAlertTriangle,
  IconFlask,
  IconLockOpen,
  IconPlugConnectedX,
  IconRefresh,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useGatewayLink, useHealth } from "../hooks/use-health.ts";
import { modelToRun, useModels } from "../hooks/use-models.ts";
import { useSecureContext } from "../hooks/use-secure-context.ts";
import { useSync } from "../hooks/use-sync.ts";
import { useUpdate } from "../hooks/use-update.ts";
import { Notice } from "../ui/Notice.tsx";

/** What holds for every screen and should be known at once, most important first. */
export function Banners() {
  const isSecure = useSecureContext();
  const { t } = useTranslation();
  return (
    <>
      <LinkBanner />
      {!isSecure && (
        <Notice
          tone="warn"
          icon={IconLockOpen}
          title={t("banner.insecureTitle")}
          text={t("banner.insecureText")}
        />
      )}
      <DeliveryBanner />
      <DemoBanner />
      <UpdateBanner />
    </>
  );
}

/** A connection that is made within this time is not worth a word. */
const PATIENCE_MS = 1_500;

function LinkBanner() {
  const { t } = useTranslation();
  const link = useGatewayLink();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (link === "here") return setIsLate(false);
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [link]);
  if (link === "here" || !isLate) return null;
  return (
    <Notice
      tone="alarm"
      icon={IconPlugConnectedX}
      title={t(`banner.${link}Title`)}
      text={t(`banner.${link}Text`)}
    />
  );
}

/** Events may be missing, or soon find no room: the worst of it. */
function DeliveryBanner() {
  const { t } = useTranslation();
  const { ledger, isOutOfRoom, storage } = useSync().sync;
  const unbalancedSinks = useHealth()?.unbalancedSinks ?? 0;

  function trouble(): "ledger" | "full" | "tight" | null {
    if (!ledger.isBalanced || unbalancedSinks > 0) return "ledger";
    if (isOutOfRoom) return "full";
    return storage.status === "known" && storage.isTight ? "tight" : null;
  }

  const kind = trouble();
  if (kind === null) return null;
  return (
    <Notice
      tone={kind === "tight" ? "warn" : "alarm"}
      icon={IconAlertTriangle}
      title={t(`banner.${kind}Title`)}
      text={t(`banner.${kind}Text`)}
    >
      <Anchor component={Link} to="/deliveries" size="sm" c="inherit" underline="always">
        {t("banner.details")}
      </Anchor>
    </Notice>
  );
}

/** There a sentence of what could be read under "details" would take the place of a picture. */
const PHONE = "(max-width: 48em)";

function DemoBanner() {
  const { t } = useTranslation();
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const isDemo = useHealth()?.demo ?? false;
  const models = useModels();
  const runsDemoModel = modelToRun(models)?.demonstration ?? false;
  const isHere = useGatewayLink() === "here"; // else there is something more important to read
  if (!isHere || (!isDemo && !runsDemoModel)) return null;
  const missing = models
    .filter((model) => model.task === "objects" && !model.demonstration && model.state.status !== "ready")
    .map((model) => model.title)
    .join(", ");
  const text = runsDemoModel
    ? t("banner.demoModelText", { missing: missing || t("banner.demoModelNothing") })
    : t("banner.demoText");
  return (
    <Notice
      tone="info"
      icon={IconFlask}
      title={t(runsDemoModel ? "banner.demoModelTitle" : "banner.demoTitle")}
      {...(isPhone ? {} : { text })}
    >
      <Anchor component={Link} to="/system" size="sm" c="inherit" underline="always">
        {t("banner.details")}
      </Anchor>
    </Notice>
  );
}

function UpdateBanner() {
  const { t } = useTranslation();
  const { isReady, accept } = useUpdate();
  const [answer, setAnswer] = useState<"none" | "now" | "later">("none");
  if (!isReady || answer === "later") return null;

  function take() {
    setAnswer("now"); // the new version takes over once the old one has finished what it was doing
    accept();
  }

  return (
    <Notice tone="info" icon={IconRefresh} title={t("banner.updateTitle")} text={t("banner.updateText")}>
      <Button onClick={take} loading={answer === "now"}>
        {t("banner.updateNow")}
      </Button>
      <Button variant="subtle" onClick={() => setAnswer("later")}>
        {t("banner.updateLater")}
      </Button>
    </Notice>
  );
}
