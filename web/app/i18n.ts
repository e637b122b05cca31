import i18next, { type BackendModule, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../hooks/use-language.ts";
import type { TextStore } from "./text-store.ts";

const CHOICE = "guarita.language";

/** Texts of the screens that do not come with the page; they are asked for where the page's own have none. */
const SCREENS = "screens";

const FILES = {
  "pt-BR": {
    page: () => import("../locales/pt-BR.json"),
    screens: () => import("../locales/pt-BR.screens.json"),
  },
  en: { page: () => import("../locales/en.json"), screens: () => import("../locales/en.screens.json") },
};

/** A page is read in one language: the other one's texts are fetched when it is chosen. */
const catalogues: BackendModule = {
  type: "backend",
  init: () => {},
  // i18next takes a promise from a function of two parameters
  async read(language, namespace) {
    const files = FILES[language === "pt-BR" ? "pt-BR" : "en"];
    return (await (namespace === SCREENS ? files.screens() : files.page())).default;
  },
};

/** The language chosen once, else Portuguese where the browser asks for it, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  if (chosen === "pt-BR" || chosen === "en") return chosen;
  return wanted[0]?.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

type I18nDeps = { store: TextStore; wanted: readonly string[]; onChange: (language: string) => void };

/** Texts of the language that is read; there when it resolves. `onChange` is told the first language too. */
export async function createI18n({ store, wanted, onChange }: I18nDeps): Promise<i18n> {
  const texts = i18next.createInstance();
  texts.on("languageChanged", onChange);
  await texts
    .use(catalogues)
    .use(initReactI18next)
    .init({
      lng: pickLanguage(store.read(CHOICE), wanted),
      load: "currentOnly",
      fallbackNS: SCREENS,
      fallbackLng: false, // both catalogues have the same texts
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
    });
  texts.on("languageChanged", (language) => store.write(CHOICE, language));
  return texts;
}

/** Resolves once the texts of the screens that do not come with the page are here; rejects when they cannot be had. */
export async function loadScreenTexts(texts: i18n): Promise<void> {
  await texts.loadNamespaces(SCREENS);
  if (!texts.hasResourceBundle(texts.language, SCREENS)) throw new Error("the texts could not be fetched");
}
