import classes from "./status-dot.module.css";

export type Tone = "good" | "busy" | "warn" | "bad" | "quiet";

/** A coloured point beside words that say the same; never alone. */
export function StatusDot({ tone }: { tone: Tone }) {
  return <span className={classes.dot} data-tone={tone} aria-hidden />;
}
