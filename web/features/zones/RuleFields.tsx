import { MultiSelect, Select, SimpleGrid, Switch, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ZonesForm } from "./form-parts.ts";
import { NumberField } from "./NumberField.tsx";
import { PlateHint } from "./PlateHint.tsx";
import { useRuleWords } from "./use-rule-words.ts";
import { NO_QUEUE, type RuleKind, type RuleValues, WHOLE, type ZoneValues } from "./zones-form.ts";

/** The numbers of each kind, in the order in which a person would say them. */
const NUMBERS: Record<RuleKind, ("threshold" | "atLeast" | "startAfterS" | "endAfterS" | "afterS")[]> = {
  queue: ["threshold", "startAfterS", "endAfterS"],
  idle: ["afterS"],
  restricted_area: ["afterS"],
  missing_person: ["atLeast", "afterS"],
  forbidden_object: ["afterS"],
  plate_read: [],
  plate_listed: [],
  plate_unlisted: [],
};

type RuleFieldsProps = {
  form: ZonesForm;
  rule: RuleValues;
  path: string;
  /** What a rule may name. */
  areas: ZoneValues[];
  labels: string[];
};

export function RuleFields({ form, rule, path, areas, labels }: RuleFieldsProps) {
  const { t } = useTranslation();
  const { objectName } = useRuleWords();
  const places = areas.map(({ id, name }) => ({ value: id, label: name || t("zones.nameless") }));
  const isPeople = (field: string) => field === "threshold" || field === "atLeast";
  const objects = [...new Set([...labels.filter((label) => label !== "person"), ...rule.labels])]
    .map((value) => ({ value, label: objectName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <>
      <Text size="sm">{t(`zones.rule.explained.${rule.kind}`)}</Text>
      {rule.kind.startsWith("plate_") && <PlateHint hasLists={rule.kind !== "plate_read"} />}
      <TextInput label={t("zones.name")} required maxLength={60} {...form.getInputProps(`${path}.name`)} />
      <Select
        label={t("zones.rule.where")}
        data={[{ value: WHOLE, label: t("zones.rule.whole") }, ...places]}
        allowDeselect={false}
        {...form.getInputProps(`${path}.zoneId`)}
      />
      {rule.kind === "forbidden_object" && (
        <MultiSelect
          label={t("zones.rule.labels")}
          data={objects}
          searchable
          hidePickedOptions
          {...form.getInputProps(`${path}.labels`)}
        />
      )}
      {NUMBERS[rule.kind].length > 0 && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {NUMBERS[rule.kind].map((field) => (
            <NumberField
              key={field}
              field={field}
              label={t(`zones.rule.${field}`)}
              suffix={isPeople(field) ? "" : " s"}
              allowDecimal={!isPeople(field)}
              decimalScale={1}
              {...form.getInputProps(`${path}.${field}`)}
            />
          ))}
        </SimpleGrid>
      )}
      {rule.kind === "idle" && (
        <Select
          label={t("zones.rule.queueZone")}
          data={[{ value: NO_QUEUE, label: t("zones.rule.noQueueZone") }, ...places]}
          allowDeselect={false}
          {...form.getInputProps(`${path}.queueZoneId`)}
        />
      )}
      <Select
        label={t("zones.rule.when")}
        description={rule.hours === "shop" ? t("zones.rule.hoursHelp") : undefined}
        data={[
          { value: "always", label: t("zones.rule.always") },
          { value: "shop", label: t("zones.rule.shop") },
        ]}
        allowDeselect={false}
        {...form.getInputProps(`${path}.hours`)}
      />
      <Switch
        size="md"
        label={t("zones.rule.enabled")}
        {...form.getInputProps(`${path}.isEnabled`, { type: "checkbox" })}
      />
    </>
  );
}
