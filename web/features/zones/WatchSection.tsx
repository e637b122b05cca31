import { SimpleGrid, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Section } from "../../ui/Section.tsx";
import type { ZonesForm } from "./form-parts.ts";
import { NumberField } from "./NumberField.tsx";

/** How often the station looks, and how sure it must be. */
export function WatchSection({ form }: { form: ZonesForm }) {
  const { t } = useTranslation();
  return (
    <Section title={t("zones.watch.title")} icon={IconEye}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("zones.watch.about")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 3 }} style={{ alignItems: "end" }}>
        <NumberField
          field="picturesPerS"
          label={t("zones.watch.rate")}
          decimalScale={1}
          {...form.getInputProps("picturesPerS")}
        />
        {(["personScore", "vehicleScore"] as const).map((field) => (
          <NumberField
            key={field}
            field={field}
            label={t(`zones.watch.${field}`)}
            placeholder={t("zones.watch.byModel")}
            suffix=" %"
            decimalScale={0}
            {...form.getInputProps(field)}
          />
        ))}
      </SimpleGrid>
    </Section>
  );
}
