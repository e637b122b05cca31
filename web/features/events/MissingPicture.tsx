import { Text } from "@mantine/core";
import { IconPhotoOff, IconPhotoUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EvidenceState } from "../../hooks/use-evidence.ts";
import classes from "./event-picture.module.css";

const WORDS = {
  loading: null,
  here: null,
  on_its_way: "events.picture.onItsWay",
  gone: "events.picture.gone",
  failed: "events.picture.failed",
} as const satisfies Record<EvidenceState["status"], string | null>;

/** Why there is no picture to see, in a few words. */
export function MissingPicture({ status }: { status: EvidenceState["status"] }) {
  const { t } = useTranslation();
  const words = WORDS[status];
  if (words === null) return <span className={classes.thumbnail} aria-hidden />;
  const IconOf = status === "on_its_way" ? IconPhotoUp : IconPhotoOff;
  return (
    <span className={classes.missing}>
      <IconOf size={18} aria-hidden />
      <Text span size="xs">
        {t(words)}
      </Text>
    </span>
  );
}
