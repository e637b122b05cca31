import { Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SinkKind } from "#contract/sinks.ts";
import classes from "./kind-choice.module.css";

const KINDS: SinkKind[] = ["http", "supabase", "mqtt", "amqp", "frigate"];

/** The five kinds of receiving ends, each with what it does. */
export function KindChoice({ onChoose }: { onChoose: (kind: SinkKind) => void }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.kinds}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <UnstyledButton className={classes.kind ?? ""} onClick={() => onChoose(kind)}>
            <Text fw={650}>{t(`deliveries.kind.${kind}`)}</Text>
            <Text size="sm" c="dimmed">
              {t(`deliveries.kindText.${kind}`)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
