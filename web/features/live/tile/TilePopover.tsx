import { Popover } from "@mantine/core";
import { type KeyboardEvent, type ReactElement, type ReactNode, useState } from "react";

type TilePopoverProps = {
  /** The button that opens it; `toggle` is for its `onClick`. */
  target: (toggle: () => void) => ReactElement;
  widthPx?: number;
  children: ReactNode;
};

/** Opens over a tile. Escape closes it and does nothing else. */
export function TilePopover({ target, widthPx, children }: TilePopoverProps) {
  const [isOpen, setOpen] = useState(false);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || !isOpen) return;
    setOpen(false);
    event.preventDefault(); // or the same key would leave the enlarged picture too
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what bubbles from the button and the popover
    <div onKeyDown={onKeyDown} style={{ display: "contents" }}>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        closeOnEscape={false}
        position="top-end"
        shadow="md"
        withArrow
        {...(widthPx && { width: widthPx })}
      >
        <Popover.Target>{target(() => setOpen(!isOpen))}</Popover.Target>
        <Popover.Dropdown maw="calc(100vw - 24px)">{children}</Popover.Dropdown>
      </Popover>
    </div>
  );
}
