import { Text } from "@mantine/core";
import { type ToldTrouble, useTroubleWords } from "./use-trouble-words.ts";

type TroubleNoteProps = {
  told: ToldTrouble;
  /** The other side's own code, to look up in its manual. */
  code?: string;
};

/** Why something was not taken, and small beneath it what the other side or the system said. */
export function TroubleNote({ told, code }: TroubleNoteProps) {
  const { text, detail } = useTroubleWords()(told);
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      <Text size="sm">
        {text}{" "}
        {code !== undefined && (
          <Text span size="xs" c="dimmed" ff="monospace">
            {code}
          </Text>
        )}
      </Text>
      {detail !== null && (
        <Text size="xs" mt={2} style={{ whiteSpace: "pre-line" }}>
          {detail}
        </Text>
      )}
    </div>
  );
}
