import { expect, test, vi } from "vitest";
import { createI18n, loadScreenTexts, pickLanguage } from "./i18n.ts";

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

test("texts of other screens come when one is opened, and with each language chosen from then on", async () => {
  const store = { read: () => null, write: () => {} };
  const texts = await createI18n({ store, wanted: ["en"], onChange: () => {} });
  expect(texts.hasResourceBundle("en", "screens")).toBe(false);
  await loadScreenTexts(texts);
  expect(texts.t("zones.undo")).toBe("Undo");
  await texts.changeLanguage("pt-BR");
  expect(texts.t("zones.undo")).toBe("Desfazer");
});

test("texts that cannot be fetched are an error, not a screen full of keys", async () => {
  const store = { read: () => null, write: () => {} };
  const texts = await createI18n({ store, wanted: ["en"], onChange: () => {} });
  vi.spyOn(texts.services.backendConnector.backend, "read").mockRejectedValue(new Error("offline"));
  await expect(loadScreenTexts(texts)).rejects.toThrow("could not be fetched");
});
