import { MantineProvider } from "@mantine/core";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { I18nextProvider, initReactI18next } from "react-i18next";
import type { Language } from "../hooks/use-language.ts";
import en from "./en.json" with { type: "json" };
import enScreens from "./en.screens.json" with { type: "json" };
import ptBr from "./pt-BR.json" with { type: "json" };
import ptBrScreens from "./pt-BR.screens.json" with { type: "json" };

/** For tests: a view as HTML, in the page's own words. */
export function rendered(view: ReactNode, language: Language = "en"): string {
  const texts = i18next.createInstance();
  void texts.use(initReactI18next).init({
    lng: language,
    resources: {
      en: { translation: { ...en, ...enScreens } },
      "pt-BR": { translation: { ...ptBr, ...ptBrScreens } },
    },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return renderToStaticMarkup(
    <I18nextProvider i18n={texts}>
      <MantineProvider>{view}</MantineProvider>
    </I18nextProvider>,
  );
}
