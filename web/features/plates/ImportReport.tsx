import { Alert, ScrollArea, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PlateImport } from "#contract/plates.ts";

export function ImportReport({ report }: { report: PlateImport }) {
  const { t } = useTranslation();
  const { added, changed, unchanged, problems } = report;
  const tookAny = added + changed + unchanged > 0;
  return (
    <>
      {tookAny && (
        <Alert color="green" icon={<IconCheck />} role="status">
          {[
            t("plates.imported.added", { count: added }),
            t("plates.imported.changed", { count: changed }),
            t("plates.imported.unchanged", { count: unchanged }),
          ].join(", ")}
        </Alert>
      )}
      {problems.length > 0 && (
        <>
          <Text fw={600}>
            <IconAlertTriangle size={18} aria-hidden style={{ verticalAlign: "-3px" }} />{" "}
            {t("plates.notTaken", { count: problems.length })}
          </Text>
          <ScrollArea.Autosize mah={320}>
            <Table verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("plates.line")}</Table.Th>
                  <Table.Th>{t("plates.what")}</Table.Th>
                  <Table.Th>{t("plates.cell")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {problems.map(({ line, problem, text }) => (
                  <Table.Tr key={`${line} ${problem}`}>
                    <Table.Td>{line}</Table.Td>
                    <Table.Td>{t(`plates.problem.${problem}`)}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{text}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        </>
      )}
    </>
  );
}
