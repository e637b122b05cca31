import { Alert, Button, FileInput, Group, Input, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlateList } from "#contract/plates.ts";
import { usePlateChanges } from "../../hooks/use-plates.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { ImportReport } from "./ImportReport.tsx";

/** Takes a file in and says what became of it, line by line. */
export function ImportPlates({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { takeIn } = usePlateChanges();
  const [file, setFile] = useState<File | null>(null);
  const [list, setList] = useState<PlateList>("allowed");

  if (takeIn.data) {
    return (
      <Stack gap="md">
        <ImportReport report={takeIn.data} />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              takeIn.reset();
              setFile(null);
            }}
          >
            {t("plates.importAgain")}
          </Button>
          <Button onClick={onDone}>{t("common.close")}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm">{t("plates.importHelp")}</Text>
      <FileInput
        label={t("plates.file")}
        placeholder={t("plates.fileChoose")}
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        leftSection={<IconFileImport size={18} />}
        value={file}
        onChange={setFile}
        data-autofocus
      />
      <Input.Wrapper label={t("plates.importList")}>
        <SegmentedControl<PlateList>
          mt={6}
          fullWidth
          aria-label={t("plates.importList")}
          data={[
            { value: "allowed", label: t("plates.lists.allowed") },
            { value: "watched", label: t("plates.lists.watched") },
          ]}
          value={list}
          onChange={setList}
        />
      </Input.Wrapper>
      {takeIn.error && (
        <Alert color="red" icon={<IconAlertTriangle />} role="alert">
          {say(takeIn.error)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t("common.cancel")}
        </Button>
        <Button
          disabled={file === null}
          loading={takeIn.isPending}
          onClick={() => file && takeIn.mutate({ file, list })}
        >
          {t("plates.importStart")}
        </Button>
      </Group>
    </Stack>
  );
}
