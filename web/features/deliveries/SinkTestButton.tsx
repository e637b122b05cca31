import { Alert, Button, Text } from "@mantine/core";
import { IconCheck, IconSend, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useSinkTest } from "../../hooks/use-sinks.ts";
import { TroubleNote } from "./TroubleNote.tsx";
import type { ToldTrouble } from "./use-trouble-words.ts";

/** Sends a test event and says below what became of it. */
export function SinkTestButton({ sink: { id, name } }: { sink: Pick<Sink, "id" | "name"> }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const number = useNumberWords(0);
  const test = useSinkTest(id);

  function outcome(): { isGood: boolean; words: ReactNode } | null {
    if (test.error) return { isGood: false, words: say(test.error) };
    if (!test.data) return null;
    const { ok, tookMs, trouble, message } = test.data;
    if (ok) return { isGood: true, words: t("deliveries.test.ok", { took: `${number(tookMs)} ms` }) };
    return { isGood: false, words: <NotArrived told={{ trouble, reason: message }} /> };
  }

  const met = outcome();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={18} aria-hidden />}
        aria-label={t("deliveries.action.testLabel", { name })}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        {t("deliveries.action.test")}
      </Button>
      {met && !test.isPending && (
        <Alert
          w="100%"
          py="xs"
          color={met.isGood ? "green" : "red"}
          icon={met.isGood ? <IconCheck /> : <IconX />}
          role={met.isGood ? "status" : "alert"}
          style={{ overflowWrap: "anywhere" }}
        >
          {met.words}
        </Alert>
      )}
    </>
  );
}

function NotArrived({ told }: { told: ToldTrouble }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" fw={650}>
        {t("deliveries.test.failed")}
      </Text>
      <TroubleNote told={told} />
    </>
  );
}
