import { ActionIcon, Code, Collapse, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconCamera,
  IconChartBar,
  IconChevronDown,
  IconHeartbeat,
  IconShieldCheck,
  IconUserOff,
  IconUsersGroup,
} from "@tabler/icons-react";
import { memo, useId } from "react";
import { useTranslation } from "react-i18next";
import type { EventName, StoredEvent } from "#contract/events.ts";
import { useTimeWords } from "../../hooks/use-time-words.ts";
import { EventPicture } from "./EventPicture.tsx";
import { mediaIdOf } from "./event-media.ts";
import classes from "./events.module.css";
import { useEventWords } from "./use-event-words.ts";

const ICONS = {
  "camera.health": IconHeartbeat,
  "camera.snapshot": IconCamera,
  "queue.detected": IconUsersGroup,
  "idle.detected": IconUserOff,
  "compliance.detected": IconShieldCheck,
  "vision.metrics.v1": IconChartBar,
} satisfies Record<EventName, unknown>;

/** `nowMs`: some moment of today. */
type EventRowProps = { event: StoredEvent; cameraName: string; nowMs: number };

/** Drawn again only when it changes: a list has hundreds, and grows by one every few seconds. */
export const EventRow = memo(function EventRow({ event, cameraName, nowMs }: EventRowProps) {
  const { t } = useTranslation();
  const { sentence } = useEventWords();
  const { moment, exactly } = useTimeWords();
  const [isOpen, { toggle }] = useDisclosure(false);
  const detailsId = useId();
  const IconOf = ICONS[event.event_name];
  const atMs = Date.parse(event.ts);
  const mediaId = mediaIdOf(event);
  return (
    <li className={classes.row} data-event={event.event_name}>
      <div className={classes.line}>
        <span className={classes.icon} data-event={event.event_name}>
          <IconOf size={20} aria-hidden />
        </span>
        <div className={classes.words}>
          <div>
            <Text size="sm" fw={550}>
              {sentence(event)}
            </Text>
            <Text size="sm" c="dimmed">
              {[cameraName, ruleNameOf(event)].filter(Boolean).join(" · ")}
            </Text>
          </div>
          <Text
            size="sm"
            c="dimmed"
            component="time"
            dateTime={event.ts}
            title={exactly(atMs)}
            className={classes.time ?? ""}
          >
            {moment(atMs, nowMs)}
          </Text>
        </div>
        {mediaId && <EventPicture mediaId={mediaId} cameraName={cameraName} time={moment(atMs, nowMs)} />}
        <ActionIcon
          color="gray"
          onClick={toggle}
          aria-label={t("events.details")}
          aria-expanded={isOpen}
          aria-controls={detailsId}
        >
          <IconChevronDown size={20} className={classes.chevron} data-open={isOpen || undefined} />
        </ActionIcon>
      </div>
      <Collapse expanded={isOpen} id={detailsId}>
        {isOpen && (
          <Code block mt="xs">
            {JSON.stringify(event, null, 2)}
          </Code>
        )}
      </Collapse>
    </li>
  );
});

/** The rule's name as it was when it happened; a shop may have several of a kind. */
function ruleNameOf({ meta }: StoredEvent): string | null {
  return typeof meta?.rule_name === "string" ? meta.rule_name : null;
}
