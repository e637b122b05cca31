import { Box, Group, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

type NoticeProps = {
  tone: "info" | "warn" | "alarm";
  icon: Icon;
  title: string;
  text?: string;
  /** Buttons or links at its end. */
  children?: ReactNode;
};

/** A slim line across the screen that stays until what it says is over. */
export function Notice({ tone, icon: IconOf, title, text, children }: NoticeProps) {
  return (
    <Box className={classes.notice ?? ""} data-tone={tone} role={tone === "alarm" ? "alert" : "status"}>
      <IconOf className={classes.icon} size={20} aria-hidden />
      <Text component="div" size="sm" className={classes.words ?? ""}>
        <strong>{title}</strong>
        {text && <span> {text}</span>}
      </Text>
      {children && (
        <Group gap="xs" wrap="nowrap">
          {children}
        </Group>
      )}
    </Box>
  );
}
