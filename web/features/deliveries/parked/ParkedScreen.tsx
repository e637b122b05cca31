import { Anchor, Button, Text } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { fillPath, paths } from "#contract/paths.ts";
import { useNow } from "../../../hooks/use-now.ts";
import { type DiscardedHere, useParkedHere } from "../../../hooks/use-parked-here.ts";
import { useSinks } from "../../../hooks/use-sinks.ts";
import { useTimeWords } from "../../../hooks/use-time-words.ts";
import { Screen } from "../../../ui/Screen.tsx";
import { Section } from "../../../ui/Section.tsx";
import { ParkedView } from "./ParkedView.tsx";
import classes from "./parked.module.css";
import { saveLines } from "./save-lines.ts";
import { useParkedSourceHere, useParkedSourceOf } from "./use-parked-sources.ts";

const DISCARDED_AT_MOST = 20;
/** Of this browser, in place of a sink's id. */
const HERE = "here";

/** Events that wait for a person: of one sink, or those of this browser. */
export function ParkedScreen() {
  const { id = HERE } = useParams();
  return id === HERE ? <ParkedInBrowser /> : <ParkedAtSink key={id} id={id} />;
}

function ParkedInBrowser() {
  const { t } = useTranslation();
  const source = useParkedSourceHere();
  const discarded = useParkedHere()?.discarded ?? [];
  const items = source.list.status === "ready" ? source.list.items : [];
  return (
    <ParkedFrame
      name={t("deliveries.parked.here")}
      aside={
        items.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => saveLines("parked.jsonl", items)}
          >
            {t("deliveries.parked.export")}
          </Button>
        )
      }
    >
      <ParkedView source={source} text={t("deliveries.parked.textHere")} />
      {discarded.length > 0 && <Discarded discarded={discarded} />}
    </ParkedFrame>
  );
}

function ParkedAtSink({ id }: { id: string }) {
  const { t } = useTranslation();
  const sinks = useSinks();
  const source = useParkedSourceOf(id);
  const sink = sinks.status === "ready" ? sinks.sinks.find((one) => one.id === id) : undefined;
  if (sinks.status === "ready" && !sink) {
    return (
      <ParkedFrame name="">
        <Text>{t("deliveries.parked.gone")}</Text>
      </ParkedFrame>
    );
  }
  const isAny = source.list.status === "ready" && source.list.items.length > 0;
  return (
    <ParkedFrame
      name={sink?.name ?? ""}
      aside={
        isAny && (
          <Button
            variant="default"
            component="a"
            href={fillPath(paths.sinkParkedExport, { id })}
            download
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            {t("deliveries.parked.export")}
          </Button>
        )
      }
    >
      <ParkedView source={source} text={t("deliveries.parked.text")} />
    </ParkedFrame>
  );
}

function ParkedFrame({ name, aside, children }: { name: string; aside?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Screen title={t("deliveries.parked.title", { name })} actions={aside}>
      <Anchor component={Link} to="/deliveries" size="sm" display="inline-flex" mih={44} mt={-16}>
        <span style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
          <IconArrowLeft size={18} aria-hidden />
          {t("deliveries.parked.back")}
        </span>
      </Anchor>
      {children}
    </Screen>
  );
}

/** What was given up in this browser, and why. */
function Discarded({ discarded }: { discarded: DiscardedHere[] }) {
  const { t } = useTranslation();
  const { moment } = useTimeWords();
  const nowMs = useNow();
  return (
    <Section title={t("deliveries.parked.discarded")} icon={IconTrash}>
      <ul className={classes.discarded}>
        {discarded.slice(0, DISCARDED_AT_MOST).map(({ receiptId, why, discardedAtMs }) => (
          <li key={receiptId}>
            {t("deliveries.parked.discardedAt", { time: moment(discardedAtMs, nowMs), why })}
          </li>
        ))}
      </ul>
    </Section>
  );
}
