import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

type RemoveQuestionProps = {
  opened: boolean;
  title: string;
  text: string;
  /** Why it could not be removed, in words. */
  problem: string | null;
  isPending: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something goes for good. */
export function RemoveQuestion(props: RemoveQuestionProps) {
  const { opened, title, text, problem, isPending, onConfirm, onClose } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {opened && (
        <>
          <Text>{text}</Text>
          {problem && (
            <Alert mt="sm" color="red" role="alert">
              {problem}
            </Alert>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t("common.cancel")}
            </Button>
            <Button color="red" loading={isPending} onClick={onConfirm}>
              {t("common.delete")}
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
