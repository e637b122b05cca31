import { Button, Group, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconCar, IconPlugConnectedX, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KnownPlate } from "#contract/plates.ts";
import type { PlateListState } from "../../hooks/use-plates.ts";
import { Emptiness } from "../../ui/Emptiness.tsx";
import { Waiting } from "../../ui/Waiting.tsx";
import { PlateTable } from "./PlateTable.tsx";
import { filtered, type PlateFilter } from "./plate-list.ts";

type PlateListsProps = {
  list: PlateListState;
  onEdit: (plate: KnownPlate) => void;
  onRemove: (plate: KnownPlate) => void;
};

/** A condominium's list is long; whoever looks for a plate types it. */
const ROWS_AT_MOST = 200;

export function PlateLists({ list, onEdit, onRemove }: PlateListsProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<PlateFilter>({ list: "all", text: "" });
  if (list.status === "loading") return <Waiting label={t("common.loading")} />;
  if (list.status === "failed") {
    return (
      <Emptiness icon={IconPlugConnectedX} title={t("plates.failed")}>
        <Button onClick={list.retry}>{t("common.retry")}</Button>
      </Emptiness>
    );
  }
  if (list.plates.length === 0)
    return <Emptiness icon={IconCar} title={t("plates.empty")} text={t("plates.emptyText")} />;
  const fitting = filtered(list.plates, filter);
  const shown = fitting.slice(0, ROWS_AT_MOST);
  return (
    <>
      <Filters filter={filter} onChange={setFilter} />
      {shown.length > 0 && <PlateTable plates={shown} onEdit={onEdit} onRemove={onRemove} />}
      <Text c="dimmed" size="sm" mt="md" role="status">
        {fitting.length === 0 && t("plates.noneFound")}
        {fitting.length > shown.length && t("plates.shown", { shown: shown.length, count: fitting.length })}
      </Text>
    </>
  );
}

type FiltersProps = { filter: PlateFilter; onChange: (filter: PlateFilter) => void };

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" mb="md">
      <TextInput
        style={{ flex: "1 1 240px" }}
        type="search"
        aria-label={t("plates.search")}
        placeholder={t("plates.search")}
        leftSection={<IconSearch size={18} />}
        value={filter.text}
        onChange={({ currentTarget }) => onChange({ ...filter, text: currentTarget.value })}
      />
      <SegmentedControl<PlateFilter["list"]>
        aria-label={t("plates.filter")}
        data={[
          { value: "all", label: t("plates.all") },
          { value: "allowed", label: t("plates.lists.allowed") },
          { value: "watched", label: t("plates.lists.watched") },
        ]}
        value={filter.list}
        onChange={(list) => onChange({ ...filter, list })}
      />
    </Group>
  );
}
