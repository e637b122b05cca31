import { Center, Loader } from "@mantine/core";

export function Waiting({ label }: { label: string }) {
  return (
    <Center py="xl" role="status" aria-label={label}>
      <Loader />
    </Center>
  );
}
