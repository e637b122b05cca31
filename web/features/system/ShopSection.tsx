import { Alert, Button, Group, NativeSelect, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconBuildingStore, IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Shop } from "#contract/zones.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useShop, useShopChange } from "../../hooks/use-shop.ts";
import { useVersionedForm } from "../../hooks/use-versioned-form.ts";
import { Section } from "../../ui/Section.tsx";
import { HoursFields } from "./HoursFields.tsx";
import {
  checkShopForm,
  MOST_HOURS,
  type ShopFormValues,
  shopFormOf,
  timeZones,
  USUAL_HOURS,
} from "./shop-form.ts";

/** Time zone and opening hours: rules may hold within them alone. */
export function ShopSection() {
  const { t } = useTranslation();
  const { shop, isKnown } = useShop();
  return (
    <Section title={t("shop.title")} icon={IconBuildingStore}>
      {shop ? (
        <ShopForm present={shop} />
      ) : (
        <Text size="sm" c="dimmed">
          {t(isKnown ? "shop.failed" : "common.loading")}
        </Text>
      )}
    </Section>
  );
}

export function ShopForm({ present }: { present: Shop }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const change = useShopChange();
  const zones = useMemo(() => timeZones(present.timeZone), [present.timeZone]);
  const { form, base, setBase, isDirty, isConflict, load } = useVersionedForm<Shop, ShopFormValues>({
    present,
    valuesOf: shopFormOf,
    problemsOf(values, shop) {
      const checked = checkShopForm(values, shop.version);
      if (checked.status === "ok") return {};
      return Object.fromEntries(
        Object.entries(checked.problems).map(([path, found]) => [path, t(`shop.invalid.${found}`)]),
      );
    },
    isPending: change.isPending,
  });
  const { isAlwaysOpen, hours } = form.values;

  function save(values: ShopFormValues) {
    const checked = checkShopForm(values, base.version);
    if (checked.status !== "ok") return;
    change.mutate(checked.shop, {
      onSuccess(shop) {
        load(shop);
        notifications.show({ message: t("shop.saved"), color: "green" });
      },
    });
  }

  function setAlwaysOpen(isOpen: boolean) {
    form.setFieldValue("isAlwaysOpen", isOpen);
    if (!isOpen && hours.length === 0) form.setFieldValue("hours", [USUAL_HOURS]);
  }

  return (
    <form noValidate onSubmit={form.onSubmit(save)} aria-label={t("shop.title")}>
      <Stack gap="md">
        {/* the browser's own: four hundred options of the component library hold up the page, opened or not */}
        <NativeSelect label={t("shop.timeZone")} data={zones} {...form.getInputProps("timeZone")} />
        <Switch
          size="md"
          label={t("shop.alwaysOpen")}
          checked={isAlwaysOpen}
          onChange={({ currentTarget }) => setAlwaysOpen(currentTarget.checked)}
        />
        {!isAlwaysOpen &&
          hours.map((_, index) => (
            <HoursFields
              key={index}
              form={form}
              path={`hours.${index}`}
              number={index + 1}
              onRemove={hours.length > 1 ? () => form.removeListItem("hours", index) : undefined}
            />
          ))}
        {!isAlwaysOpen && hours.length < MOST_HOURS && (
          <Button
            variant="light"
            leftSection={<IconPlus size={18} />}
            onClick={() => form.insertListItem("hours", { ...USUAL_HOURS, days: [] })}
          >
            {t("shop.addHours")}
          </Button>
        )}
        {isConflict && (
          <Alert color="yellow" icon={<IconAlertTriangle />} role="alert" title={t("shop.conflict")}>
            <Group gap="xs">
              <Button variant="default" onClick={() => load(present)}>
                {t("zones.loadTheirs")}
              </Button>
              <Button variant="default" onClick={() => setBase(present)}>
                {t("zones.keepMine")}
              </Button>
            </Group>
          </Alert>
        )}
        {change.error && !isConflict && isDirty && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {say(change.error)}
          </Alert>
        )}
        {isDirty && (
          <Group justify="flex-end">
            <Button variant="default" onClick={() => load(present)}>
              {t("zones.undo")}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={isConflict}>
              {t("common.save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
