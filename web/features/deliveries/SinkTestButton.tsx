import { Alert, Button } from "@mantine/core";
import { IconCheck, IconSend, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Sink } from "#contract/sinks.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useSinkTest } from "../../hooks/use-sinks.ts";

/** Sends a test event and says below what became of it. */
export function SinkTestButton({ sink: { id, name } }: { sink: Pick<Sink, "id" | "name"> }) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const number = useNumberWords(0);
  const test = useSinkTest(id);
  const result = test.data;
  const isGood = result?.ok === true;

  function words(): string | null {
    if (test.error) return say(test.error);
    if (!result) return null;
    if (result.ok) return t("deliveries.test.ok", { took: `${number(result.tookMs)} ms` });
    return t("deliveries.test.failed", { message: result.message });
  }

  const text = words();
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
      {text !== null && !test.isPending && (
        <Alert
          w="100%"
          py="xs"
          color={isGood ? "green" : "red"}
          icon={isGood ? <IconCheck /> : <IconX />}
          role={isGood ? "status" : "alert"}
          style={{ overflowWrap: "anywhere" }}
        >
          {text}
        </Alert>
      )}
    </>
  );
}
