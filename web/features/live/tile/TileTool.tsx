import { ActionIcon } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { AriaAttributes, Ref } from "react";
import classes from "./tile-tools.module.css";

type TileToolProps = {
  label: string;
  icon: Icon;
  isOff?: boolean;
  isOn?: boolean | undefined;
  onPress: () => void;
} & AriaAttributes & { ref?: Ref<HTMLButtonElement> };

/**
 * A button over an enlarged picture: white, with a shadow that lets it be seen over any scene. What a popover gives its
 * target (its place, and whether it is open) goes to the button.
 */
export function TileTool({ label, icon: IconOf, isOff = false, isOn, onPress, ...given }: TileToolProps) {
  return (
    <ActionIcon
      {...given}
      className={classes.tool ?? ""}
      variant="transparent"
      c="white"
      aria-label={label}
      title={label}
      disabled={isOff}
      aria-pressed={isOn}
      onClick={onPress}
    >
      <IconOf size={22} />
    </ActionIcon>
  );
}
