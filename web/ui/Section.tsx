import { Card, Group, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";

type SectionProps = { title: string; icon: Icon; aside?: ReactNode; children: ReactNode };

/** A titled card that a screen reader finds as a region. */
export function Section({ title, icon: IconOf, aside, children }: SectionProps) {
  const id = useId();
  return (
    <Card component="section" withBorder radius="lg" padding="lg" aria-labelledby={id}>
      <Group justify="space-between" mb="sm" wrap="nowrap" mih={28}>
        <Group gap="xs" wrap="nowrap">
          <IconOf size={22} aria-hidden style={{ flex: "none" }} />
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
        </Group>
        {aside && <div style={{ flex: "none" }}>{aside}</div>}
      </Group>
      {children}
    </Card>
  );
}
