import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ProbeAnswer, RtspTransport } from "#contract/cameras.ts";
import { useApi } from "../../hooks/use-api.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";

type AddressTestProps = {
  /** With user and password in it; null while it is not one. */
  address: string | null;
  rtspTransport: RtspTransport;
  /** The stored password would be needed, and the gateway never gives it back. */
  isSecretMissing: boolean;
};

/** Asks the gateway what answers at the address, before anything is stored. */
export function AddressTest({ address, rtspTransport, isSecretMissing }: AddressTestProps) {
  const { t } = useTranslation();
  const api = useApi();
  const say = useProblemWords();
  const probe = useMutation({
    mutationFn: (asked: { address: string; rtspTransport: RtspTransport }) => api.probe(asked),
  });
  const { variables: asked } = probe;
  const isAboutThis = asked?.address === address && asked.rtspTransport === rtspTransport; // an answer about an address typed before says nothing
  return (
    <div aria-live="polite">
      <Group gap="sm">
        <Button
          variant="light"
          leftSection={<IconPlugConnected size={18} />}
          disabled={address === null || isSecretMissing}
          loading={probe.isPending}
          onClick={() => address !== null && probe.mutate({ address, rtspTransport })}
        >
          {t("form.test")}
        </Button>
        {probe.isPending && <Text size="sm">{t("form.testing")}</Text>}
        {isSecretMissing && (
          <Text size="sm" c="dimmed" flex={1} miw={200}>
            {t("form.testNeedsPassword")}
          </Text>
        )}
      </Group>
      {isAboutThis && probe.data && <ProbeResult answer={probe.data} />}
      {isAboutThis && probe.error && (
        <Alert mt="sm" color="red" icon={<IconAlertTriangle />}>
          {say(probe.error)}
        </Alert>
      )}
    </div>
  );
}

export function ProbeResult({ answer }: { answer: ProbeAnswer }) {
  const { t } = useTranslation();
  if (answer.outcome === "failed") {
    return (
      <Alert mt="sm" color="red" icon={<IconAlertTriangle />} title={t(`fault.${answer.fault}.title`)}>
        <Text size="sm">{t(`fault.${answer.fault}.hint`)}</Text>
        <Text size="xs" c="dimmed" mt={4}>
          {t("form.technical", { detail: answer.detail })}
        </Text>
      </Alert>
    );
  }
  const { family, widthPx, heightPx, fps, hasBFrames } = answer.format;
  const size = { family: FAMILY_NAMES[family], width: widthPx, height: heightPx };
  return (
    <Alert mt="sm" color="green" icon={<IconCheck />} title={t("form.testOk")}>
      {widthPx !== undefined && (
        <Text size="sm">
          {fps === undefined
            ? t("form.testFormat", size)
            : t("form.testFormatFps", { ...size, fps: Math.round(fps) })}
        </Text>
      )}
      {hasBFrames && <Text size="sm">{t("form.testBFrames")}</Text>}
    </Alert>
  );
}

const FAMILY_NAMES = { h264: "H.264", h265: "H.265", other: "?" };
