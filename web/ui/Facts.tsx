import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./facts.module.css";

export type Fact = { name: string; value: ReactNode };

/** Names at the left, values at the right. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, value }) => (
        <div key={name} className={classes.row}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" fw={550} m={0} ta="right" className={classes.value ?? ""}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}
