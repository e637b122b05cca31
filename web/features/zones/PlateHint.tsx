import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePlateModels } from "../../hooks/use-models.ts";

/** What a rule about plates needs besides: models that are here, and lists. */
export function PlateHint({ hasLists }: { hasLists: boolean }) {
  const { t } = useTranslation();
  const { models, states } = usePlateModels();
  const isComing = states.some(({ status }) => status === "downloading");
  return (
    <>
      {!models && (
        <Text size="sm" c="dimmed">
          {t(isComing ? "zones.rule.plateModels.downloading" : "zones.rule.plateModels.needs")}
        </Text>
      )}
      {hasLists && (
        <Anchor component={Link} to="/plates" size="sm">
          {t("zones.rule.plateModels.lists")}
        </Anchor>
      )}
    </>
  );
}
