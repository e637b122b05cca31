import type { i18n } from "i18next";
import { type ComponentType, lazy, Suspense } from "react";
import { createBrowserRouter } from "react-router";
import { LiveScreen } from "../features/live/LiveScreen.tsx";
import { WallError } from "../features/live/wall/WallError.tsx";
import { ErrorScreen, NotFoundScreen } from "./ErrorScreen.tsx";
import { loadScreenTexts } from "./i18n.ts";
import { Shell } from "./Shell.tsx";

/** Live comes with the page; the other screens are fetched when first opened, and kept by the service worker. */
export function createRouter(texts: i18n) {
  const screen =
    <Screen extends ComponentType>(load: () => Promise<Screen>) =>
    async () => {
      const [Component] = await Promise.all([load(), loadScreenTexts(texts)]);
      return { Component };
    };
  const AddCameraPanel = lazy(async () => {
    const [{ AddCameraPanel: panel }] = await Promise.all([
      import("../features/cameras/AddCameraPanel.tsx"),
      loadScreenTexts(texts),
    ]);
    return { default: panel };
  });
  const addCamera = (
    <Suspense>
      <AddCameraPanel />
    </Suspense>
  );
  return createBrowserRouter([
    {
      path: "/wall",
      // comes with the page: what stopped the wall may be that its chunk did not come
      errorElement: <WallError />,
      hydrateFallbackElement: <span />,
      lazy: async () => ({ Component: (await import("../features/live/wall/WallScreen.tsx")).WallScreen }),
    },
    {
      element: <Shell />,
      errorElement: <ErrorScreen />,
      // nothing for the moment in which the screen's own chunk comes
      hydrateFallbackElement: <span />,
      children: [
        {
          errorElement: <ErrorScreen />,
          children: [
            { path: "/", element: <LiveScreen addCamera={addCamera} /> },
            {
              path: "/cameras",
              lazy: screen(async () => (await import("../features/cameras/CamerasScreen.tsx")).CamerasScreen),
            },
            {
              path: "/cameras/:id/zones",
              lazy: screen(async () => (await import("../features/zones/ZonesScreen.tsx")).ZonesScreen),
            },
            {
              path: "/events",
              lazy: screen(async () => (await import("../features/events/EventsScreen.tsx")).EventsScreen),
            },
            {
              path: "/plates",
              lazy: screen(async () => (await import("../features/plates/PlatesScreen.tsx")).PlatesScreen),
            },
            {
              path: "/deliveries",
              lazy: screen(
                async () => (await import("../features/deliveries/DeliveriesScreen.tsx")).DeliveriesScreen,
              ),
            },
            {
              path: "/deliveries/:id/parked",
              lazy: screen(
                async () => (await import("../features/deliveries/parked/ParkedScreen.tsx")).ParkedScreen,
              ),
            },
            {
              path: "/system",
              lazy: screen(async () => (await import("../features/system/SystemScreen.tsx")).SystemScreen),
            },
            {
              path: "/stations",
              lazy: screen(
                async () => (await import("../features/stations/StationsScreen.tsx")).StationsScreen,
              ),
            },
            { path: "*", element: <NotFoundScreen /> },
          ],
        },
      ],
    },
  ]);
}
