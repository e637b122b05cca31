import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../hooks/use-language.ts";
import en from "../locales/en.json";
import ptBr from "../locales/pt-BR.json";
import type { TextStore } from "./text-store.ts";

const CHOICE = "guarita.language";

/** The language chosen once, else Portuguese where the browser asks for it, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  if (chosen === "pt-BR" || chosen === "en") return chosen;
  return wanted[0]?.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

type I18nDeps = { store: TextStore; wanted: readonly string[]; onChange: (language: string) => void };

/** Texts of both languages; ready when it returns. `onChange` is told the first language too. */
export function createI18n({ store, wanted, onChange }: I18nDeps): i18n {
  const texts = i18next.createInstance();
  texts.on("languageChanged", onChange);
  void texts.use(initReactI18next).init({
    lng: pickLanguage(store.read(CHOICE), wanted),
    fallbackLng: "en",
    resources: { en: { translation: en }, "pt-BR": { translation: ptBr } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    initAsync: false, // the catalogues are in the page: the first screen has its words
  });
  texts.on("languageChanged", (language) => store.write(CHOICE, language));
  return texts;
}
