import { Alert, Button, Group, Modal, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Station, StationName } from "#contract/stations.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useStationChanges } from "../../hooks/use-stations.ts";

/** Gives a device the name people know it by. */
export function RenameStation({ station, onClose }: { station: Station; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const { rename } = useStationChanges();
  const [name, setName] = useState(station.name);
  const isFit = StationName.safeParse(name).success;

  function save(event: SubmitEvent) {
    event.preventDefault();
    if (isFit) rename.mutate({ id: station.id, name }, { onSuccess: onClose });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("stations.renameTitle")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={save}>
        <TextInput
          label={t("stations.name")}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        {rename.error && (
          <Alert mt="sm" color="red" role="alert">
            {say(rename.error)}
          </Alert>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={!isFit} loading={rename.isPending}>
            {t("common.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
