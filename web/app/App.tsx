import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { lazy, Suspense } from "react";
import { I18nextProvider } from "react-i18next";
import type { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { type Services, ServicesContext } from "../hooks/services.ts";
import { readableErrors, theme } from "./theme.ts";

/** Nothing is told in the first moments; what is told before it is here waits for it. */
const Notifications = lazy(async () => ({
  default: (await import("@mantine/notifications")).Notifications,
}));

type AppProps = {
  services: Services;
  queries: QueryClient;
  texts: i18n;
  router: ReturnType<typeof createBrowserRouter>;
};

export function App({ services, queries, texts, router }: AppProps) {
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={queries}>
        <I18nextProvider i18n={texts}>
          <MantineProvider theme={theme} cssVariablesResolver={readableErrors} defaultColorScheme="auto">
            <Suspense>
              <Notifications position="bottom-center" autoClose={4_000} />
            </Suspense>
            <RouterProvider router={router} />
          </MantineProvider>
        </I18nextProvider>
      </QueryClientProvider>
    </ServicesContext>
  );
}
