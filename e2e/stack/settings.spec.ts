import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../support/fixtures.ts";

test("a setting changed in the page is in config.yaml, comments and all, and outlives the gateway", async ({
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const file = join(gateway.dataDir, "config.yaml");
  writeFileSync(file, "# Ana: the lawyer wants 30\nstorage:\n  evidenceDays: 30 # days\n");

  await page.goto(`${gateway.url}/system`);
  const settings = page.getByRole("region", { name: "Settings" });
  const days = settings.getByLabel("Days to keep pictures of events");
  await expect(days).toHaveValue("30");
  const level = settings.getByRole("combobox", { name: "How much to log" });
  await expect(level).toBeDisabled();
  await expect(settings).toContainText("Decided by GUARITA_LOG when the gateway was started.");

  await days.fill("0");
  await expect(settings).toContainText("A number from 1 to 3650.");
  await expect(settings.getByRole("button", { name: "Save" })).toBeDisabled();
  await days.fill("90");
  await settings.getByLabel("New destinations: seconds between sendings").fill("5");
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The settings were saved")).toBeVisible();
  await expect(settings.getByRole("button", { name: "Save" })).toBeHidden();
  expect(readFileSync(file, "utf8")).toBe(
    "# Ana: the lawyer wants 30\nstorage:\n  evidenceDays: 90 # days\ndelivery:\n  everyMs: 5000\n",
  );

  await gateway.kill();
  chmodSync(file, 0o444);
  await gateway.start();
  await page.reload();
  await expect(days).toHaveValue("90");
  await expect(days).toBeDisabled();
  await expect(settings).toContainText(`${file} cannot be written, so nothing can be changed here.`);
});
