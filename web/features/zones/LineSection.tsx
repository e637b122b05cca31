import { Button, Group, Input, Text, TextInput } from "@mantine/core";
import { IconArrowsExchange, IconLine } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Section } from "../../ui/Section.tsx";
import { PointFields } from "./AreaSection.tsx";
import { hasErrors, type ListProps, type ZonesForm } from "./form-parts.ts";
import { ItemList } from "./ItemList.tsx";
import { LineButtons } from "./PresetButtons.tsx";
import { freeName, type LineValues, newLine } from "./zones-form.ts";

export function LineSection({ form, openId, onOpen }: ListProps) {
  const { t } = useTranslation();
  const { lines } = form.values;

  function add(ends: Pick<LineValues, "from" | "to">) {
    const line = newLine(freeName(t("zones.line.name"), lines), ends);
    form.insertListItem("lines", line);
    onOpen(line.id);
  }

  const items = lines.map((line, index) => ({
    id: line.id,
    name: line.name,
    summary: t("zones.line.summary"),
    isWrong: hasErrors(form, `lines.${index}`),
    fields: <LineFields form={form} line={line} path={`lines.${index}`} />,
    onRemove: () => form.removeListItem("lines", index),
  }));
  return (
    <Section title={t("zones.line.title")} icon={IconLine}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("zones.line.about")}
      </Text>
      <ItemList items={items} openId={openId} onOpen={onOpen} />
      <Text size="sm" fw={600} mb={6} aria-hidden>
        {t("zones.line.add")}
      </Text>
      <LineButtons label={t("zones.line.add")} onPick={add} />
    </Section>
  );
}

type LineFieldsProps = { form: ZonesForm; line: LineValues; path: string };

function LineFields({ form, line, path }: LineFieldsProps) {
  const { t } = useTranslation();

  function turnRound() {
    form.setFieldValue(`${path}.from`, line.to as never);
    form.setFieldValue(`${path}.to`, line.from as never);
  }

  return (
    <>
      <TextInput label={t("zones.name")} required maxLength={60} {...form.getInputProps(`${path}.name`)} />
      {(["from", "to"] as const).map((end) => (
        <Input.Wrapper key={end} label={t(`zones.line.${end}`)} labelElement="div">
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <PointFields form={form} path={`${path}.${end}`} name={t(`zones.line.${end}`)} />
          </Group>
        </Input.Wrapper>
      ))}
      {form.errors[`${path}.shape`] && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {form.errors[`${path}.shape`]}
        </Text>
      )}
      <Button variant="light" leftSection={<IconArrowsExchange size={18} />} onClick={turnRound}>
        {t("zones.line.turn")}
      </Button>
    </>
  );
}
