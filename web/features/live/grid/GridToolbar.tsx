import { ActionIcon, Popover, UnstyledButton } from "@mantine/core";
import {
  IconArrowsMove,
  IconDeviceTv,
  IconKeyboard,
  IconLayoutGrid,
  IconMaximize,
  IconMinimize,
  IconStack2,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFullScreen } from "../../../hooks/use-full-screen.ts";
import type { Layout } from "../live-settings.ts";
import { OverlayMenu } from "../tile/OverlayMenu.tsx";
import { GridPager, type Pager } from "./GridPager.tsx";
import classes from "./grid-toolbar.module.css";
import { LayoutPicker } from "./LayoutPicker.tsx";

type GridToolbarProps = {
  layout: Layout;
  onLayout: (layout: Layout) => void;
  /** Null where everything is on one page. */
  pager: Pager | null;
  onArrange: () => void;
  onHelp: () => void;
};

/** One slim line over the grid. */
export function GridToolbar({ layout, onLayout, pager, onArrange, onHelp }: GridToolbarProps) {
  const { t } = useTranslation();
  const full = useFullScreen();
  return (
    <div role="toolbar" aria-label={t("layout.tools")} className={classes.bar}>
      <LayoutPicker layout={layout} onChoose={onLayout} />
      {pager && <GridPager pager={pager} hasDots={pager.kind === "page"} />}
      <span className={classes.spring} />
      <Popover position="bottom-end" shadow="md" withArrow trapFocus>
        <Popover.Target>
          <ActionIcon color="gray" aria-label={t("live.overlays.label")} title={t("live.overlays.label")}>
            <IconStack2 size={22} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="xs">
          <OverlayMenu />
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        color="gray"
        onClick={onArrange}
        aria-label={t("layout.arrange")}
        title={t("layout.arrange")}
      >
        <IconArrowsMove size={22} />
      </ActionIcon>
      <ActionIcon
        color="gray"
        onClick={full.toggle}
        {...wordsOf(full.isFull ? t("layout.fullEnd") : t("layout.full"))}
      >
        {full.isFull ? <IconMinimize size={22} /> : <IconMaximize size={22} />}
      </ActionIcon>
      <ActionIcon
        color="gray"
        component={Link}
        to="/wall"
        aria-label={t("layout.wall")}
        title={t("layout.wall")}
      >
        <IconDeviceTv size={22} />
      </ActionIcon>
      <ActionIcon
        className={classes.help ?? ""}
        color="gray"
        onClick={onHelp}
        aria-label={t("layout.keys.title")}
        title={t("layout.keys.title")}
      >
        <IconKeyboard size={22} />
      </ActionIcon>
    </div>
  );
}

/** The same where there is no room for a line: one button, and the pages beside it, over the pictures' corner. */
export function GridButton({ layout, onLayout, pager, onArrange }: Omit<GridToolbarProps, "onHelp">) {
  const { t } = useTranslation();
  const full = useFullScreen();
  const [isOpen, setOpen] = useState(false);
  /** What was chosen is done, and seen. */
  const choose = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  return (
    <div role="toolbar" aria-label={t("layout.tools")} className={classes.floating}>
      {pager && <GridPager pager={pager} hasDots={false} />}
      <Popover opened={isOpen} onChange={setOpen} position="top-end" shadow="md" trapFocus width={332}>
        <Popover.Target>
          <ActionIcon
            color="gray"
            onClick={() => setOpen(!isOpen)}
            aria-label={t("layout.options")}
            aria-expanded={isOpen}
          >
            <IconLayoutGrid size={22} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="xs">
          <p className={classes.title}>{t("layout.label")}</p>
          <LayoutPicker layout={layout} onChoose={onLayout} />
          <OverlayMenu />
          <Choice
            icon={<IconArrowsMove size={20} />}
            label={t("layout.arrange")}
            onPress={choose(onArrange)}
          />
          <Choice
            icon={full.isFull ? <IconMinimize size={20} /> : <IconMaximize size={20} />}
            label={t(full.isFull ? "layout.fullEnd" : "layout.full")}
            onPress={choose(full.toggle)}
          />
          <Link to="/wall" className={classes.choice}>
            <IconDeviceTv size={20} aria-hidden />
            {t("layout.wall")}
          </Link>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function Choice({ icon, label, onPress }: { icon: ReactNode; label: string; onPress: () => void }) {
  return (
    <UnstyledButton className={classes.choice ?? ""} onClick={onPress}>
      {icon}
      {label}
    </UnstyledButton>
  );
}

const wordsOf = (label: string) => ({ "aria-label": label, title: label });
