import { Button, Group, Modal } from "@mantine/core";
import { IconDownload, IconFileImport, IconPlus } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "#contract/paths.ts";
import type { KnownPlate } from "#contract/plates.ts";
import { useLanguage } from "../../hooks/use-language.ts";
import { usePlates } from "../../hooks/use-plates.ts";
import { Screen } from "../../ui/Screen.tsx";
import { ImportPlates } from "./ImportPlates.tsx";
import { PlateForm } from "./PlateForm.tsx";
import { PlateLists } from "./PlateLists.tsx";
import { RemovePlate } from "./RemovePlate.tsx";

/** What is open over the list. */
type Dialog =
  | { kind: "none" }
  | { kind: "add" }
  | { kind: "import" }
  | { kind: "edit"; plate: KnownPlate }
  | { kind: "remove"; plate: KnownPlate };

const TITLES = { add: "plates.addTitle", edit: "plates.editTitle", import: "plates.importTitle" } as const;

export function PlatesScreen() {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const close = () => setDialog({ kind: "none" });
  const open = dialog.kind === "none" || dialog.kind === "remove" ? null : dialog;
  return (
    <Screen title={t("plates.title")} actions={<Actions onOpen={(kind) => setDialog({ kind })} />}>
      <PlateLists
        list={usePlates()}
        onEdit={useCallback((plate: KnownPlate) => setDialog({ kind: "edit", plate }), [])}
        onRemove={useCallback((plate: KnownPlate) => setDialog({ kind: "remove", plate }), [])}
      />
      <Modal
        opened={open !== null}
        onClose={close}
        title={open && t(TITLES[open.kind])}
        size="lg"
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {open?.kind === "import" && <ImportPlates onDone={close} />}
        {open?.kind === "add" && <PlateForm onDone={close} />}
        {open?.kind === "edit" && <PlateForm known={open.plate} onDone={close} />}
      </Modal>
      <RemovePlate plate={dialog.kind === "remove" ? dialog.plate : null} onClose={close} />
    </Screen>
  );
}

function Actions({ onOpen }: { onOpen: (kind: "add" | "import") => void }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  // a spreadsheet splits columns at what its language does not use in numbers
  const separator = language === "pt-BR" ? "semicolon" : "comma";
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconFileImport size={18} />} onClick={() => onOpen("import")}>
        {t("plates.import")}
      </Button>
      <Button
        variant="default"
        component="a"
        href={`${paths.platesCsv}?separator=${separator}`}
        download
        leftSection={<IconDownload size={18} />}
      >
        {t("plates.export")}
      </Button>
      <Button leftSection={<IconPlus size={18} />} onClick={() => onOpen("add")}>
        {t("plates.add")}
      </Button>
    </Group>
  );
}
