import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { I18nextProvider } from "react-i18next";
import type { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { type Services, ServicesContext } from "../hooks/services.ts";
import { theme } from "./theme.ts";

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
          <MantineProvider theme={theme} defaultColorScheme="auto">
            <Notifications position="bottom-center" autoClose={4_000} />
            <RouterProvider router={router} />
          </MantineProvider>
        </I18nextProvider>
      </QueryClientProvider>
    </ServicesContext>
  );
}
