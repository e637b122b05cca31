import { useTranslation } from "react-i18next";

export type Language = "pt-BR" | "en";

/** Each language in its own words, so that whoever ended up in the wrong one finds the way back. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "pt-BR", label: "Português (Brasil)" },
  { value: "en", label: "English" },
];

export function useLanguage(): { language: Language; choose: (language: Language) => void } {
  const { i18n } = useTranslation();
  const language = i18n.language === "pt-BR" ? "pt-BR" : "en";
  return { language, choose: (next) => void i18n.changeLanguage(next) };
}
