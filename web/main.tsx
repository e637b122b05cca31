import "./app/mantine.css";
import "@mantine/notifications/styles.layer.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { createI18n } from "./app/i18n.ts";
import { keepLastKnown, restoreLastKnown } from "./app/last-known.ts";
import { createQueryClient } from "./app/query-client.ts";
import { createRouter } from "./app/router.tsx";
import { startServices } from "./app/services.ts";
import { openTextStore } from "./app/text-store.ts";

const store = openTextStore();
const queries = createQueryClient();
restoreLastKnown(queries, store);
const stopKeeping = keepLastKnown(queries, store);
addEventListener("pagehide", () => stopKeeping());

const services = startServices(queries, store);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const page = createRoot(root);
// no await at the top: it would keep the bundler from putting shared code into the first script
void createI18n({
  store,
  wanted: navigator.languages,
  onChange: (language) => {
    document.documentElement.lang = language;
  },
}).then((texts) =>
  page.render(
    <StrictMode>
      <App services={services} queries={queries} texts={texts} router={createRouter(texts)} />
    </StrictMode>,
  ),
);
