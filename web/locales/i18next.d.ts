import type en from "./en.json";
import type screens from "./en.screens.json";

declare module "i18next" {
  interface CustomTypeOptions {
    /** A key that no catalogue has does not compile; the two catalogues are compared in a test. */
    resources: { translation: typeof en & typeof screens };
    returnNull: false;
  }
}
