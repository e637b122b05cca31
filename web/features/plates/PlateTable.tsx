import { ActionIcon, Badge, Group, Table, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import { useGradual } from "../../hooks/use-gradual.ts";
import { useClock } from "../../hooks/use-now.ts";
import { dateFormat } from "../../lib/formats.ts";
import { standingOn } from "./plate-list.ts";
import { useValidityWords } from "./use-validity-words.ts";

/** `onEdit` and `onRemove` must stay the same functions, else every row is drawn again. */
type PlateTableProps = {
  plates: KnownPlate[];
  onEdit: (plate: KnownPlate) => void;
  onRemove: (plate: KnownPlate) => void;
};

/** A screen holds about fifteen. */
const PACE = { first: 15, step: 6 };
const idOf = ({ id }: KnownPlate) => id;

export function PlateTable({ plates, onEdit, onRemove }: PlateTableProps) {
  const { t } = useTranslation();
  // Sweden writes dates as ISO 8601 does
  const today = useClock((nowMs) => dateFormat("sv-SE", { dateStyle: "short" }).format(nowMs));
  const drawn = useGradual(plates, idOf, PACE);
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="xs" highlightOnHover aria-label={t("plates.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plates.column.plate")}</Table.Th>
            <Table.Th>{t("plates.column.list")}</Table.Th>
            <Table.Th>{t("plates.column.note")}</Table.Th>
            <Table.Th>{t("plates.column.validity")}</Table.Th>
            <Table.Th ta="right">{t("plates.column.actions")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drawn.map((known) => (
            <PlateRow key={known.id} known={known} today={today} onEdit={onEdit} onRemove={onRemove} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

type PlateRowProps = Omit<PlateTableProps, "plates"> & { known: KnownPlate; today: string };

const PlateRow = memo(function PlateRow({ known, today, onEdit, onRemove }: PlateRowProps) {
  const { t } = useTranslation();
  const validityOf = useValidityWords();
  const { plate, list, note } = known;
  const standing = standingOn(today, known);
  return (
    <Table.Tr>
      <Table.Td>
        <Text ff="monospace" fw={700} {...(standing !== "valid" && { c: "dimmed" })}>
          {plate}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" miw="max-content" color={list === "watched" ? "orange" : "teal"}>
          {t(`plates.list.${list}`)}
        </Badge>
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{note}</Table.Td>
      <Table.Td>
        <Group gap={8}>
          {validityOf(known)}
          {standing !== "valid" && (
            <Badge variant="light" color="gray">
              {t(`plates.${standing}`)}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap={0} wrap="nowrap" justify="flex-end">
          <ActionIcon onClick={() => onEdit(known)} aria-label={t("plates.editLabel", { plate })}>
            <IconPencil size={20} />
          </ActionIcon>
          <ActionIcon
            color="red"
            onClick={() => onRemove(known)}
            aria-label={t("plates.removeLabel", { plate })}
          >
            <IconTrash size={20} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
});
