import { expect, test } from "vitest";
import { createI18n, pickLanguage } from "./i18n.ts";

test("Portuguese where the browser asks for it, else English, and a choice goes before both", () => {
  expect(pickLanguage(null, ["pt-PT", "en"])).toBe("pt-BR");
  expect(pickLanguage(null, ["de", "pt-BR"])).toBe("en");
  expect(pickLanguage(null, [])).toBe("en");
  expect(pickLanguage("en", ["pt-BR"])).toBe("en");
  expect(pickLanguage("xx", ["pt-BR"])).toBe("pt-BR");
});

test("a chosen language is kept and told; the first one is only told", async () => {
  const kept: string[] = [];
  const told: string[] = [];
  const texts = await createI18n({
    store: { read: () => null, write: (_key, text) => kept.push(text) },
    wanted: ["en-US"],
    onChange: (language) => told.push(language),
  });
  expect(texts.t("nav.live")).toBe("Live");
  expect(kept).toEqual([]);
  expect(texts.hasResourceBundle("pt-BR", "translation")).toBe(false);
  await texts.changeLanguage("pt-BR");
  expect(texts.t("live.people", { count: 1 })).toBe("1 pessoa");
  expect(texts.t("live.people", { count: 0 })).toBe("0 pessoas");
  expect(kept).toEqual(["pt-BR"]);
  expect(told).toEqual(["en", "pt-BR"]);
  expect(texts.hasResourceBundle("en", "translation")).toBe(true);
});
