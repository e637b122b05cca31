import { lazy, Suspense } from "react";
import { createBrowserRouter } from "react-router";
import { LiveScreen } from "../features/live/LiveScreen.tsx";
import { WallError } from "../features/live/wall/WallError.tsx";
import { ErrorScreen, NotFoundScreen } from "./ErrorScreen.tsx";
import { Shell } from "./Shell.tsx";

const AddCameraPanel = lazy(async () => ({
  default: (await import("../features/cameras/AddCameraPanel.tsx")).AddCameraPanel,
}));

const addCamera = (
  <Suspense>
    <AddCameraPanel />
  </Suspense>
);

/** Live comes with the page; the other screens are fetched when first opened, and kept by the service worker. */
export function createRouter() {
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
              lazy: async () => ({
                Component: (await import("../features/cameras/CamerasScreen.tsx")).CamerasScreen,
              }),
            },
            {
              path: "/cameras/:id/zones",
              lazy: async () => ({
                Component: (await import("../features/zones/ZonesScreen.tsx")).ZonesScreen,
              }),
            },
            {
              path: "/events",
              lazy: async () => ({
                Component: (await import("../features/events/EventsScreen.tsx")).EventsScreen,
              }),
            },
            {
              path: "/plates",
              lazy: async () => ({
                Component: (await import("../features/plates/PlatesScreen.tsx")).PlatesScreen,
              }),
            },
            {
              path: "/system",
              lazy: async () => ({
                Component: (await import("../features/system/SystemScreen.tsx")).SystemScreen,
              }),
            },
            {
              path: "/stations",
              lazy: async () => ({
                Component: (await import("../features/stations/StationsScreen.tsx")).StationsScreen,
              }),
            },
            { path: "*", element: <NotFoundScreen /> },
          ],
        },
      ],
    },
  ]);
}
