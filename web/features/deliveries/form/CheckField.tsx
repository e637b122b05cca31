import { Checkbox, type CheckboxProps } from "@mantine/core";
import classes from "./check-field.module.css";

/** A tick box that a finger hits, with its label. */
export function CheckField(props: CheckboxProps) {
  return <Checkbox {...props} classNames={{ label: classes.label ?? "" }} />;
}
