import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconEyeOff, IconPlus, IconPolygon, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Zone } from "#contract/zones.ts";
import { Section } from "../../ui/Section.tsx";
import { hasErrors, type ListProps, type ZonesForm } from "./form-parts.ts";
import { ItemList } from "./ItemList.tsx";
import { NumberField } from "./NumberField.tsx";
import { AreaButtons } from "./PresetButtons.tsx";
import { freeName, newZone, type PointValues, type ZoneValues } from "./zones-form.ts";

const ICONS = { zone: IconPolygon, mask: IconEyeOff };
const FEWEST_CORNERS = 3;
const MOST_CORNERS = 32;

/** Zones, or masks: both are areas of the picture and stand in one list. */
export function AreaSection({ kind, form, openId, onOpen }: ListProps & { kind: Zone["kind"] }) {
  const { t } = useTranslation();
  const { zones } = form.values;

  function add(name: string, points: PointValues[]) {
    const zone = newZone(kind, freeName(name, zones), points);
    form.insertListItem("zones", zone);
    onOpen(zone.id);
  }

  const items = zones.flatMap((zone, index) => {
    if (zone.kind !== kind) return [];
    return {
      id: zone.id,
      name: zone.name,
      summary: t("zones.corners", { count: zone.points.length }),
      isWrong: hasErrors(form, `zones.${index}`),
      fields: <AreaFields form={form} zone={zone} path={`zones.${index}`} />,
      onRemove: () => form.removeListItem("zones", index),
    };
  });
  const addLabel = t(`zones.${kind}.add`);
  return (
    <Section title={t(`zones.${kind}.title`)} icon={ICONS[kind]}>
      <Text size="sm" c="dimmed" mb="sm">
        {t(`zones.${kind}.about`)}
      </Text>
      <ItemList items={items} openId={openId} onOpen={onOpen} />
      <Text size="sm" fw={600} mb={6} aria-hidden>
        {addLabel}
      </Text>
      <AreaButtons
        label={addLabel}
        onPick={(name, points) =>
          add(kind === "mask" ? t("zones.mask.name") : t(`zones.preset.${name}`), points)
        }
      />
    </Section>
  );
}

type AreaFieldsProps = { form: ZonesForm; zone: ZoneValues; path: string };

function AreaFields({ form, zone, path }: AreaFieldsProps) {
  const { t } = useTranslation();
  const { points } = zone;
  return (
    <>
      <TextInput label={t("zones.name")} required maxLength={60} {...form.getInputProps(`${path}.name`)} />
      <div>
        <Text size="sm" fw={500} mb={6} aria-hidden>
          {t("zones.setTo")}
        </Text>
        <AreaButtons
          label={t("zones.setTo")}
          onPick={(_, shape) => form.setFieldValue(`${path}.points`, shape as never)}
        />
      </div>
      <Fieldset legend={t("zones.cornersTitle")} p="sm">
        <Stack gap="xs">
          {points.map((_, index) => (
            <CornerRow
              key={index}
              form={form}
              path={`${path}.points.${index}`}
              number={index + 1}
              onRemove={
                points.length > FEWEST_CORNERS
                  ? () => form.removeListItem(`${path}.points`, index)
                  : undefined
              }
            />
          ))}
          {form.errors[`${path}.shape`] && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {form.errors[`${path}.shape`]}
            </Text>
          )}
          {points.length < MOST_CORNERS && (
            <Button
              variant="light"
              leftSection={<IconPlus size={18} />}
              onClick={() => form.insertListItem(`${path}.points`, between(points.at(-1), points[0]))}
            >
              {t("zones.addCorner")}
            </Button>
          )}
        </Stack>
      </Fieldset>
    </>
  );
}

type CornerRowProps = { form: ZonesForm; path: string; number: number; onRemove: (() => void) | undefined };

function CornerRow({ form, path, number, onRemove }: CornerRowProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={20} ta="right" lh="44px" aria-hidden>
        {number}
      </Text>
      <PointFields form={form} path={path} name={t("zones.corner", { number })} />
      <ActionIcon
        color="gray"
        disabled={!onRemove}
        onClick={onRemove}
        aria-label={t("zones.removeCorner", { number })}
      >
        <IconX size={18} />
      </ActionIcon>
    </Group>
  );
}

/** Two numbers in percent of the picture. */
export function PointFields({ form, path, name }: { form: ZonesForm; path: string; name: string }) {
  const { t } = useTranslation();
  const isX = { x: true, y: false };
  return (["x", "y"] as const).map((axis) => (
    <NumberField
      key={axis}
      field={axis}
      flex={1}
      miw={0}
      suffix=" %"
      decimalScale={2}
      leftSection={<span aria-hidden>{isX[axis] ? "↔" : "↕"}</span>}
      aria-label={t(isX[axis] ? "zones.fromLeft" : "zones.fromTop", { name })}
      {...form.getInputProps(`${path}.${axis}`)}
    />
  ));
}

/** The middle of the last side, so that a new corner changes no shape. */
function between(last: PointValues | undefined, first: PointValues | undefined): PointValues {
  const middle = (axis: "x" | "y") => (Number(last?.[axis] ?? 0) + Number(first?.[axis] ?? 0)) / 2;
  return { x: middle("x"), y: middle("y") };
}
