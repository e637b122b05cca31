import { Container, Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

type ScreenProps = { title: string; actions?: ReactNode; children: ReactNode };

/** A screen of text and cards: a heading, what can be done at its right, and a readable width. */
export function Screen({ title, actions, children }: ScreenProps) {
  return (
    <Container size={1200} w="100%" py="lg" px="md">
      <Group justify="space-between" mb="lg" mih={44}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Container>
  );
}
