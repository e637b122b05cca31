import { Button, Text, Title } from "@mantine/core";
import { IconPlugConnectedX, IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import type { SinkListState } from "../../hooks/use-sinks.ts";
import { CardList } from "../../ui/CardList.tsx";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { SinkCard } from "./SinkCard.tsx";

type HopTwoProps = {
  state: SinkListState;
  onAdd: () => void;
  onEdit: (sink: Sink) => void;
  onRemove: (sink: Sink) => void;
};

/** How each receiving end does. */
export function HopTwo(props: HopTwoProps) {
  const { t } = useTranslation();
  const { state } = props;
  return (
    <section aria-labelledby="hop-two">
      <Title order={2} size="h4" id="hop-two">
        {t("deliveries.hopTwo.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("deliveries.hopTwo.text")}
      </Text>
      {state.status === "ready" && state.isStale && (
        <Text size="sm" c="orange" mb="sm" role="status">
          {t("deliveries.hopTwo.stale")}
        </Text>
      )}
      <Sinks {...props} />
    </section>
  );
}

function Sinks({ state, onAdd, onEdit, onRemove }: HopTwoProps) {
  const { t } = useTranslation();
  if (state.status === "loading") return <Waiting label={t("common.loading")} />;
  if (state.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("deliveries.hopTwo.failed")}>
        <Button onClick={state.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (state.sinks.length === 0) {
    return (
      <Emptiness icon={IconSend} title={t("deliveries.hopTwo.empty")} text={t("deliveries.hopTwo.emptyText")}>
        <Button onClick={onAdd}>{t("deliveries.action.add")}</Button>
      </Emptiness>
    );
  }
  return (
    <CardList label={t("deliveries.hopTwo.list")}>
      {state.sinks.map((sink) => (
        <SinkCard key={sink.id} sink={sink} onEdit={() => onEdit(sink)} onRemove={() => onRemove(sink)} />
      ))}
    </CardList>
  );
}
