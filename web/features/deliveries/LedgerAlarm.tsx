import { Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type AnyLedger, accountedFor, isSound } from "./ledger.ts";
import classes from "./ledger-alarm.module.css";

/** Above everything else on the screen, while any ledger does not balance. */
export function LedgerAlarm({ ledgers }: { ledgers: { id: string; name: string; ledger: AnyLedger }[] }) {
  const { t } = useTranslation();
  const wrong = ledgers.filter(({ ledger }) => !isSound(ledger));
  if (wrong.length === 0) return null;
  return (
    <div className={classes.alarm} role="alert">
      <IconAlertTriangle size={32} aria-hidden />
      <div>
        <Text fw={700} size="lg">
          {t("deliveries.alarm.title")}
        </Text>
        <Text size="sm">{t("deliveries.alarm.text")}</Text>
        <ul>
          {wrong.map(({ id, name, ledger }) => (
            <li key={id}>
              {t("deliveries.alarm.where", { name, created: ledger.created, counted: accountedFor(ledger) })}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
