import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Sink, SinkKind } from "#contract/sinks.ts";
import { useSinkRhythm } from "../../../hooks/use-settings.ts";
import { SinkTestButton } from "../SinkTestButton.tsx";
import { KindChoice } from "./KindChoice.tsx";
import { SinkForm } from "./SinkForm.tsx";

type Step = { kind: "choose" } | { kind: "form"; of: SinkKind } | { kind: "added"; sink: Sink };

const PHONE = "(max-width: 36em)";

/** Makes a sink (`sink` null) in three steps, or changes one. */
export function SinkDialog({ sink, onClose }: { sink: Sink | null; onClose: () => void }) {
  const { t } = useTranslation();
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const rhythm = useSinkRhythm();
  const [step, setStep] = useState<Step>(sink ? { kind: "form", of: sink.target.kind } : { kind: "choose" });

  function saved(now: Sink) {
    if (!sink) return setStep({ kind: "added", sink: now });
    notifications.show({ message: t("deliveries.form.saved", { name: now.name }), color: "green" });
    onClose();
  }

  function title(): string {
    if (sink) return t("deliveries.form.editTitle", { name: sink.name });
    if (step.kind !== "form") return t("deliveries.form.choose");
    return t("deliveries.form.addTitle", { kind: t(`deliveries.kind.${step.of}`) });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={step.kind === "added" ? step.sink.name : title()}
      size="lg"
      fullScreen={isPhone}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {step.kind === "choose" && <KindChoice onChoose={(kind) => setStep({ kind: "form", of: kind })} />}
      {step.kind === "form" && (
        <SinkForm
          kind={step.of}
          rhythm={rhythm}
          sink={sink}
          onSaved={saved}
          onCancel={() => (sink ? onClose() : setStep({ kind: "choose" }))}
        />
      )}
      {step.kind === "added" && <Added sink={step.sink} onClose={onClose} />}
    </Modal>
  );
}

function Added({ sink, onClose }: { sink: Sink; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Text role="status">{t("deliveries.form.done", { name: sink.name })}</Text>
      <Group>
        <SinkTestButton sink={sink} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </Stack>
  );
}
