import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconDatabase } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EvidenceStatus } from "../../hooks/use-evidence.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import type { SyncStatus } from "../../hooks/use-sync.ts";
import { type Fact, Facts } from "../../ui/Facts.tsx";
import { Section } from "../../ui/Section.tsx";
import { useFailureWords } from "./use-failure-words.ts";

type StorageSectionProps = {
  sync: Pick<SyncStatus, "storage" | "isOutOfRoom">;
  pictures: EvidenceStatus;
  askPersistence: () => Promise<void>;
};

/** How much room this browser gives, whether it keeps what is here, and what had to go. */
export function StorageSection({ sync, pictures, askPersistence }: StorageSectionProps) {
  const { storage } = sync;
  const { t } = useTranslation();
  const sizeOf = useSizeWords();
  const failureWords = useFailureWords();
  const pictureFacts = usePictureFacts(pictures);
  const facts: Fact[] = [];
  if (storage.status === "known") {
    const { usedBytes, quotaBytes } = storage;
    const sizes = { used: sizeOf(usedBytes), quota: sizeOf(quotaBytes) };
    facts.push({ name: t("deliveries.storage.used"), value: t("deliveries.storage.usedOf", sizes) });
  }
  return (
    <Section title={t("deliveries.storage.title")} icon={IconDatabase}>
      <RoomAlert {...sync} />
      <Facts facts={[...facts, ...pictureFacts]} />
      {pictures.waiting > 0 && pictures.lastError !== null && (
        <Text size="sm" c="dimmed" mt={4}>
          {t("deliveries.storage.pictureError", { error: failureWords(pictures.lastError) })}
        </Text>
      )}
      {storage.status === "unknown" ? (
        <Text size="sm" c="dimmed">
          {t("deliveries.storage.unknown")}
        </Text>
      ) : (
        <Persistence isPersistent={storage.isPersistent} ask={askPersistence} />
      )}
    </Section>
  );
}

function RoomAlert({ storage, isOutOfRoom }: StorageSectionProps["sync"]) {
  const { t } = useTranslation();
  const isTight = storage.status === "known" && storage.isTight;
  if (!isOutOfRoom && !isTight) return null;
  return (
    <Alert color={isOutOfRoom ? "red" : "yellow"} icon={<IconAlertTriangle />} mb="sm" role="alert">
      {t(isOutOfRoom ? "deliveries.storage.full" : "deliveries.storage.tight")}
    </Alert>
  );
}

function Persistence({ isPersistent, ask }: { isPersistent: boolean; ask: () => Promise<void> }) {
  const { t } = useTranslation();
  const [wasAsked, setWasAsked] = useState(false);
  if (isPersistent) {
    return (
      <Text size="sm" mt="xs">
        {t("deliveries.storage.persistent")}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" mt="xs" role="status">
        {t(wasAsked ? "deliveries.storage.notGranted" : "deliveries.storage.notPersistent")}
      </Text>
      <Button
        variant="light"
        mt="xs"
        w="max-content"
        onClick={() => void ask().finally(() => setWasAsked(true))}
      >
        {t("deliveries.storage.ask")}
      </Button>
    </>
  );
}

/** The pictures of events on their way; nothing before the first one. */
function usePictureFacts({ waiting, waitingBytes, sent, shed, refused }: EvidenceStatus): Fact[] {
  const { t } = useTranslation();
  const number = useNumberWords();
  const sizeOf = useSizeWords();
  if (waiting + sent + shed + refused === 0) return [];
  const size = { count: number(waiting), size: sizeOf(waitingBytes) };
  return [
    { name: t("deliveries.storage.sent"), value: number(sent) },
    {
      name: t("deliveries.storage.pictures"),
      value: waiting > 0 ? t("deliveries.storage.picturesSize", size) : number(0),
    },
    { name: t("deliveries.storage.shed"), value: number(shed) },
    { name: t("deliveries.storage.refused"), value: number(refused) },
  ];
}

function useSizeWords(): (sizeBytes: number) => string {
  const number = useNumberWords();
  return (sizeBytes) =>
    sizeBytes >= 1_000_000_000 ? `${number(sizeBytes / 1e9)} GB` : `${number(sizeBytes / 1e6)} MB`;
}
