import { NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Setting } from "#contract/settings.ts";
import { type Shown, shownBounds, shownValue } from "./settings-form.ts";

type SettingFieldProps = {
  setting: Setting;
  shown: Shown;
  /** As typed; undefined before anybody did. */
  draft: string | number | undefined;
  isWrong: boolean;
  /** The file cannot be written. */
  isLocked: boolean;
  onChange: (value: string | number) => void;
};

/** One setting, with what decides it and when a change of it holds. */
export function SettingField({ setting, shown, draft, isWrong, isLocked, onChange }: SettingFieldProps) {
  const { t } = useTranslation();
  const { allowed, decidedBy, needsRestart, isPending } = setting;
  const restart = isPending ? t("config.pending") : needsRestart && t("config.needsRestart");
  const notes = [
    t(`config.${shown.name}.help`),
    decidedBy ? t("config.decidedBy", { name: decidedBy }) : restart,
  ];
  const common = {
    label: t(`config.${shown.name}.label`),
    description: notes.filter(Boolean).join(" "),
    disabled: isLocked || decidedBy !== null,
  };
  if (allowed.type === "choice") {
    return (
      <Select
        {...common}
        data={allowed.choices}
        value={String(draft ?? setting.value)}
        allowDeselect={false}
        onChange={(value) => value && onChange(value)}
      />
    );
  }
  const bounds = shownBounds(setting, shown);
  return (
    <NumberInput
      {...common}
      value={draft ?? shownValue(setting, shown)}
      onChange={onChange}
      clampBehavior="none"
      allowDecimal={!bounds?.isWhole}
      decimalSeparator={t("config.decimal")}
      error={isWrong && bounds && t("config.wrong", { min: bounds.min, max: bounds.max })}
    />
  );
}
