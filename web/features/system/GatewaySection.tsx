import { Badge } from "@mantine/core";
import { IconServer2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Health } from "#contract/system.ts";
import { useNow } from "../../hooks/use-now.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { Facts } from "../../ui/Facts.tsx";
import { Section } from "../../ui/Section.tsx";

type GatewaySectionProps = {
  /** As it was known last; null before any answer. */
  health: Health | null;
  isHere: boolean;
};

export function GatewaySection({ health, isHere }: GatewaySectionProps) {
  const { t } = useTranslation();
  const { moment } = useTimeWords();
  const nowMs = useNow();
  return (
    <Section
      title={t("system.gateway.title")}
      icon={IconServer2}
      aside={
        <Badge variant="light" color={isHere ? "green" : "red"}>
          {t(isHere ? "system.gateway.here" : "system.gateway.away")}
        </Badge>
      }
    >
      {health && (
        <Facts
          facts={[
            { name: t("system.gateway.version"), value: health.version },
            { name: t("system.gateway.started"), value: moment(health.startedAtMs, nowMs) },
            { name: t("system.gateway.store"), value: health.storeId },
          ]}
        />
      )}
    </Section>
  );
}
