import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./alarm.module.css";
import type { Alarm } from "./alarms.ts";
import { announce } from "./announce.ts";
import { QueueMark } from "./QueueMark.tsx";

/** What runs already when a tile appears is seen on it, and is no news. */
const SETTLED_MS = 3_000;

type AlarmMarksProps = {
  cameraName: string;
  alarms: Alarm[];
  /** False while the picture is not live: what was seen last is then not told as running now. */
  isSeen: boolean;
};

/** A frame that is seen from across the shop, and in words what it is for: colour alone says nothing to some. */
export function AlarmMarks({ cameraName, alarms, isSeen }: AlarmMarksProps) {
  const { t } = useTranslation();
  const [openedAtMs] = useState(Date.now);
  const isQueue = alarms.some(({ kind }) => kind === "queue");
  const tellQueue = useEffectEvent(() => {
    if (Date.now() - openedAtMs > SETTLED_MS) announce(t("live.queueBegan", { name: cameraName }));
  });
  useEffect(() => {
    if (isQueue) tellQueue();
  }, [isQueue]);

  if (alarms.length === 0 || !isSeen) return null;
  return (
    <>
      <div className={classes.frame} aria-hidden />
      <div className={classes.marks}>
        {alarms.map(({ kind, queue }) => (
          <QueueMark key={kind} queue={queue} />
        ))}
      </div>
    </>
  );
}
