import { ActionIcon, Fieldset, Group, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./hours.module.css";
import { DAYS, dayName, type ShopFormValues } from "./shop-form.ts";

type HoursFieldsProps = {
  form: UseFormReturnType<ShopFormValues>;
  path: string;
  number: number;
  onRemove: (() => void) | undefined;
};

/** Days of the week, and from when until when on them. */
export function HoursFields({ form, path, number, onRemove }: HoursFieldsProps) {
  const { t, i18n } = useTranslation();
  const days: number[] = form.getInputProps(`${path}.days`).value;
  const problem = form.errors[`${path}.days`];

  function toggle(day: number, isOpen: boolean) {
    const others = days.filter((known) => known !== day);
    form.setFieldValue(`${path}.days`, (isOpen ? [...others, day] : others) as never);
  }

  return (
    <Fieldset legend={t("shop.hours", { number })} p="sm">
      <div className={classes.days}>
        {DAYS.map((day) => (
          <label key={day} className={classes.day}>
            <input
              type="checkbox"
              aria-label={dayName(day, i18n.language, "long")}
              checked={days.includes(day)}
              onChange={({ currentTarget }) => toggle(day, currentTarget.checked)}
            />
            <span aria-hidden>{dayName(day, i18n.language, "short").replace(".", "")}</span>
          </label>
        ))}
      </div>
      {problem && (
        <Text size="sm" c="var(--mantine-color-error)" mt={4} role="alert">
          {problem}
        </Text>
      )}
      <Group gap="xs" mt="sm" wrap="nowrap" align="flex-end">
        <TextInput type="time" flex={1} label={t("shop.from")} {...form.getInputProps(`${path}.from`)} />
        <TextInput type="time" flex={1} label={t("shop.until")} {...form.getInputProps(`${path}.until`)} />
        {onRemove && (
          <ActionIcon color="red" onClick={onRemove} aria-label={t("shop.removeHours", { number })}>
            <IconTrash size={20} />
          </ActionIcon>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={6}>
        {t("shop.untilHelp")}
      </Text>
    </Fieldset>
  );
}
