import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCameras } from "../../hooks/use-cameras.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import type { CameraRate } from "../../hooks/use-station.ts";

/** How often each camera is looked at, and what its owner can do about it. */
export function CameraRates({ rates }: { rates: CameraRate[] }) {
  const { t } = useTranslation();
  const list = useCameras();
  if (rates.length === 0) return null;
  const names = new Map(list.status === "ready" ? list.cameras.map(({ id, name }) => [id, name]) : []);
  return (
    <Table.ScrollContainer minWidth={360} mt="sm">
      <Table aria-label={t("cameraRates.title")} verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("cameraRates.camera")}</Table.Th>
            <Table.Th ta="right">{t("cameraRates.asked")}</Table.Th>
            <Table.Th ta="right">{t("cameraRates.reached")}</Table.Th>
            <Table.Th ta="right">{t("cameraRates.still")}</Table.Th>
            <Table.Th ta="right">{t("cameraRates.cost")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rates.map((rate) => (
            <CameraRow key={rate.cameraId} rate={rate} name={names.get(rate.cameraId) ?? rate.cameraId} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Less than nine tenths of what was asked, and the machine does not keep up. */
const KEEPS_UP_FROM = 0.9;

function CameraRow({ rate, name }: { rate: CameraRate; name: string }) {
  const { t } = useTranslation();
  const number = useNumberWords();
  const fine = useNumberWords(2);
  const isBehind = rate.reachedPerS < KEEPS_UP_FROM * rate.askedPerS;
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        {rate.frames === "all" && rate.keyFrameEveryMs !== null && (
          <Text size="xs" c="dimmed">
            {t("cameraRates.advice", {
              every: number(rate.keyFrameEveryMs / 1_000),
              wanted: number(1 / rate.askedPerS),
            })}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{fine(rate.askedPerS)}</Table.Td>
      <Table.Td ta="right" {...(isBehind && { c: "yellow", fw: 600 })}>
        {fine(rate.reachedPerS)}
      </Table.Td>
      <Table.Td ta="right">{number(rate.stillShare * 100)} %</Table.Td>
      <Table.Td ta="right">{number(rate.msPerLook)} ms</Table.Td>
    </Table.Tr>
  );
}
