import { Accordion, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export type Item = {
  id: string;
  name: string;
  /** What it is in a few words, while it is closed. */
  summary: string;
  isWrong: boolean;
  isQuiet?: boolean;
  fields: ReactNode;
  onRemove: () => void;
};

type ItemListProps = { items: Item[]; openId: string | null; onOpen: (id: string | null) => void };

/** Zones, lines or rules under each other; of all on the screen one at a time shows its fields. */
export function ItemList({ items, openId, onOpen }: ItemListProps) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <Accordion variant="separated" radius="md" value={openId} onChange={onOpen} mb="sm">
      {items.map(({ id, name, summary, isWrong, isQuiet, fields, onRemove }) => (
        <Accordion.Item key={id} value={id}>
          <Accordion.Control
            icon={isWrong && <IconAlertTriangle size={20} color="var(--mantine-color-error)" aria-hidden />}
          >
            <Text fw={600} {...(isQuiet && { c: "dimmed" })} style={{ overflowWrap: "anywhere" }}>
              {name || t("zones.nameless")}
            </Text>
            <Text size="sm" c={isWrong ? "var(--mantine-color-error)" : "dimmed"}>
              {isWrong ? t("zones.wrong") : summary}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            {/* the fields of the closed ones are not drawn: 32 zones of 32 corners are many */}
            {openId === id && (
              <Stack gap="md">
                {fields}
                <Group justify="flex-end">
                  <Button
                    variant="subtle"
                    color="red"
                    leftSection={<IconTrash size={18} />}
                    onClick={onRemove}
                    aria-label={t("zones.removeLabel", { name })}
                  >
                    {t("common.delete")}
                  </Button>
                </Group>
              </Stack>
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
