import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { RANGES } from "./zones-form.ts";

/** A number of the form, with the range that the gateway takes: point or comma, by the language. */
export function NumberField({ field, ...props }: NumberInputProps & { field: keyof typeof RANGES }) {
  const { i18n } = useTranslation();
  const range = RANGES[field];
  return (
    <NumberInput
      {...(range && { min: range.least, max: range.most })}
      decimalSeparator={i18n.language === "pt-BR" ? "," : "."}
      allowedDecimalSeparators={[".", ","]}
      hideControls
      {...props}
    />
  );
}
