import classes from "./alarm.module.css";
import type { Alarm } from "./alarms.ts";
import { QueueMark } from "./QueueMark.tsx";

/** A frame that is seen from across the shop, and in words what it is for: colour alone says nothing to some. */
export function AlarmMarks({ alarms }: { alarms: Alarm[] }) {
  if (alarms.length === 0) return null;
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
