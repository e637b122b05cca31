import { Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { StatusDot } from "../../ui/StatusDot.tsx";
import classes from "./ledger.module.css";
import { type AnyLedger, accountedFor, isSound, placesOf } from "./ledger.ts";

/** What was made, where all of it is, and whether that adds up. */
export function LedgerFigures({ name, ledger }: { name: string; ledger: AnyLedger }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const places = placesOf(ledger);
  return (
    <>
      <dl className={classes.figures} aria-label={t("deliveries.ledger.label", { name })}>
        <Figure name={t("deliveries.ledger.created")} value={number(ledger.created)} />
        {places.map(({ place, count }) => (
          <Figure
            key={place}
            name={t(`deliveries.ledger.${place}`)}
            value={number(count)}
            {...(count > 0 && { place })}
          />
        ))}
      </dl>
      <div className={classes.bar} aria-hidden>
        {places.map(({ place, count }) => (
          <span key={place} data-place={place} style={{ flexGrow: count }} hidden={count === 0} />
        ))}
      </div>
      <Balance ledger={ledger} />
    </>
  );
}

function Figure({ name, value, place }: { name: string; value: string; place?: string }) {
  return (
    <div className={classes.figure} data-place={place}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Balance({ ledger }: { ledger: AnyLedger }) {
  const { t } = useTranslation();
  if (isSound(ledger)) {
    return (
      <Group gap={8} mt={8} wrap="nowrap">
        <StatusDot tone="good" />
        <Text size="xs" c="dimmed">
          {t("deliveries.ledger.balanced")}
        </Text>
      </Group>
    );
  }
  return (
    <div className={classes.alarm} role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      {t("deliveries.ledger.unbalanced", { created: ledger.created, counted: accountedFor(ledger) })}
    </div>
  );
}
