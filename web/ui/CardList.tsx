import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";

type CardListProps = { label: string; children: ReactNode };

/** Cards that are the items of a list (`component="li"`): two beside each other where there is room, each as high as it is. */
export function CardList({ label, children }: CardListProps) {
  return (
    <SimpleGrid
      component="ul"
      cols={{ base: 1, md: 2 }}
      p={0}
      m={0}
      style={{ listStyle: "none", alignItems: "start" }}
      aria-label={label}
    >
      {children}
    </SimpleGrid>
  );
}
