import { Select, Text } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Section } from "../../ui/Section.tsx";
import { hasErrors, type ListProps } from "./form-parts.ts";
import { ItemList } from "./ItemList.tsx";
import { RuleFields } from "./RuleFields.tsx";
import { useRuleWords } from "./use-rule-words.ts";
import { freeName, newRule, type RuleKind, WHOLE } from "./zones-form.ts";

const KINDS: RuleKind[] = [
  "queue",
  "idle",
  "restricted_area",
  "missing_person",
  "forbidden_object",
  "plate_read",
  "plate_listed",
  "plate_unlisted",
];

type RuleSectionProps = ListProps & {
  /** Class names of the model. */
  labels: string[];
  /** The gateway's word for a camera without a queue rule: from so many people on. */
  queueThreshold: number;
};

export function RuleSection({ form, openId, onOpen, labels, queueThreshold }: RuleSectionProps) {
  const { t } = useTranslation();
  const { summary } = useRuleWords();
  const { rules, zones } = form.values;
  const areas = zones.filter(({ kind }) => kind === "zone");
  const hasQueueRule = rules.some(({ kind, isEnabled }) => kind === "queue" && isEnabled);

  function add(kind: RuleKind) {
    const [only, ...others] = areas;
    const zoneId = only && others.length === 0 ? only.id : WHOLE;
    const rule = newRule(kind, freeName(t(`zones.rule.kind.${kind}`), rules), zoneId);
    form.insertListItem("rules", rule);
    onOpen(rule.id);
  }

  const items = rules.map((rule, index) => ({
    id: rule.id,
    name: rule.name,
    summary: rule.isEnabled ? summary(rule, zones) : t("zones.rule.off"),
    isWrong: hasErrors(form, `rules.${index}`),
    isQuiet: !rule.isEnabled,
    fields: <RuleFields form={form} rule={rule} path={`rules.${index}`} areas={areas} labels={labels} />,
    onRemove: () => form.removeListItem("rules", index),
  }));
  return (
    <Section title={t("zones.rule.title")} icon={IconBell}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("zones.rule.about")} {!hasQueueRule && t("zones.rule.builtIn", { count: queueThreshold })}
      </Text>
      <ItemList items={items} openId={openId} onOpen={onOpen} />
      <Select
        label={t("zones.rule.add")}
        placeholder={t("zones.rule.choose")}
        data={KINDS.map((value) => ({ value, label: t(`zones.rule.kind.${value}`) }))}
        value={null}
        onChange={(kind) => kind && add(kind as RuleKind /* one of `data` */)}
        maxDropdownHeight={380}
      />
    </Section>
  );
}
