import { AppShell, Group, Text, UnstyledButton } from "@mantine/core";
import { IconBell, IconCamera, IconCar, IconLayoutGrid, IconSend, IconServer2 } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";
import { useFullScreen } from "../hooks/use-full-screen.ts";
import { useStationFacts } from "../hooks/use-station.ts";
import { useReadsPlates } from "../hooks/use-zones.ts";
import { Banners } from "./Banners.tsx";
import { SettingsMenu } from "./SettingsMenu.tsx";
import { StatusPills } from "./StatusPills.tsx";
import classes from "./shell.module.css";

const SCREENS = [
  { to: "/", key: "nav.live", icon: IconLayoutGrid },
  { to: "/cameras", key: "nav.cameras", icon: IconCamera },
  { to: "/events", key: "nav.events", icon: IconBell },
  { to: "/plates", key: "nav.plates", icon: IconCar },
  { to: "/deliveries", key: "nav.deliveries", icon: IconSend },
  { to: "/system", key: "nav.system", icon: IconServer2 },
] as const;

/** What stands around every screen: name, ways, state of station and outbox, banners. Nothing around full pictures. */
export function Shell() {
  useStationFacts();
  const { isFull, leave } = useFullScreen();
  const { pathname } = useLocation();
  useEffect(() => {
    if (pathname !== "/") leave(); // the other screens need their ways back
  }, [pathname, leave]);
  return (
    <AppShell
      header={{ height: 56 }}
      footer={{ height: 60 }}
      padding={0}
      disabled={isFull}
      className={classes.shell ?? ""}
    >
      <AppShell.Header className={classes.header ?? ""}>
        <Group h="100%" px="md" gap="lg" wrap="nowrap" justify="space-between">
          <Group gap="lg" wrap="nowrap">
            <UnstyledButton component={NavLink} to="/" className={classes.brand ?? ""}>
              <img src="/icons/logo.svg" alt="" width={30} height={30} />
              <Text fw={700} size="lg" component="span">
                Guarita
              </Text>
            </UnstyledButton>
            <Ways className={classes.ways} />
          </Group>
          <Group gap={4} wrap="nowrap">
            <StatusPills />
            <SettingsMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main className={classes.main ?? ""}>
        {!isFull && <Banners />}
        <div className={classes.screen}>
          <Outlet />
        </div>
      </AppShell.Main>
      <AppShell.Footer className={classes.footer ?? ""}>
        <Ways className={classes.bottomWays} />
      </AppShell.Footer>
    </AppShell>
  );
}

function Ways({ className }: { className: string | undefined }) {
  const { t } = useTranslation();
  const readsPlates = useReadsPlates();
  return (
    <nav className={className} aria-label={t("nav.label")}>
      {SCREENS.filter(({ to }) => to !== "/plates" || readsPlates).map(({ to, key, icon: IconOf }) => (
        <NavLink key={to} to={to} end={to === "/"} className={classes.way ?? ""}>
          <IconOf size={20} stroke={1.8} aria-hidden />
          <span>{t(key)}</span>
        </NavLink>
      ))}
    </nav>
  );
}
