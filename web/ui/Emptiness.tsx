import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

type EmptinessProps = { icon: Icon; title: string; text?: string; children?: ReactNode };

/** What stands where there is nothing yet, and what to do about it. */
export function Emptiness({ icon: IconOf, title, text, children }: EmptinessProps) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center">
      <ThemeIcon size={64} radius="xl" variant="light" aria-hidden>
        <IconOf size={34} stroke={1.6} />
      </ThemeIcon>
      <Title order={2} size="h3">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" maw={460}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
