import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./keyboard-help.module.css";

const KEYS = ["arrows", "enter", "escape", "pages", "digits", "zero", "zoom", "full", "help"] as const;

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("layout.keys.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
      size="lg"
      centered
    >
      <dl className={classes.keys}>
        {KEYS.map((key) => (
          <div key={key}>
            <dt>
              <kbd>{t(`layout.keys.${key}`)}</kbd>
            </dt>
            <dd>{t(`layout.keys.${key}Text`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
