import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { ModelList } from "#contract/models.ts";
import { paths } from "#contract/paths.ts";
import { expect, test } from "../support/fixtures.ts";

/** Drops a file onto the page as a person does, and not through the file dialog. */
async function drop(page: Page, name: string, content: Uint8Array): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], fileName));
      return transfer;
    },
    [name, [...content]] as const,
  );
  await page.getByTestId("drop-model").dispatchEvent("drop", { dataTransfer: files });
}

test("a shop's own model: a broken file is told, a good one is described, checked, run and removed", async ({
  page,
  gatewayWith,
}) => {
  // on a machine that does much else the check and the measuring take their time
  test.setTimeout(180_000);
  const laid = mkdtempSync(join(tmpdir(), "guarita-e2e-models-"));
  writeFileSync(join(laid, "half.onnx"), "this is no model");
  try {
    const gateway = await gatewayWith({ mediamtx: false, env: { GUARITA_MODELS: laid } });
    // the drawn scene's own detector, as a file of which the gateway knows nothing
    const served = `${gateway.url}${paths.modelFiles}/demo-people.onnx`;
    await expect.poll(async () => (await fetch(served)).status).toBe(200);
    const good = new Uint8Array(await (await fetch(served)).arrayBuffer());
    const list = async () => ModelList.parse(await (await fetch(gateway.url + paths.models)).json());

    await page.goto(`${gateway.url}/system`);
    const models = page.getByRole("region", { name: "Models" });
    await expect(models).toContainText("half.onnx: The file is broken, or is no ONNX model.");

    await drop(page, "cut.onnx", good.subarray(0, good.length / 2));
    await expect(models.getByRole("alert")).toContainText("The file is broken");
    expect((await list()).models.every(({ own }) => own === null)).toBe(true);

    await drop(page, "shop.onnx", good);
    const own = models.getByRole("listitem").filter({ hasText: "shop.onnx" });
    await expect(own).toContainText("Still to be said: class names, input size, licence.");
    await own.getByRole("button", { name: "Complete…" }).click();
    const form = page.getByRole("dialog", { name: "Own model" });
    await form.getByLabel("Licence").fill("drawn for this shop");
    await form.getByLabel("Class names").fill("person");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toContainText("1 given, 80 needed.");
    const labels = ["person", ...Array.from({ length: 79 }, (_, at) => `thing ${at}`)];
    await form.getByLabel("Class names").fill(labels.join("\n"));
    await form.getByLabel("Input width").fill("416");
    await form.getByLabel("Input height").fill("416");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden({ timeout: 60_000 });

    await expect(own).toContainText("Passed its check on test pictures", { timeout: 60_000 });
    await expect(own).toContainText("YOLOX · 416x416 · 80 classes · Licence: drawn for this shop");
    await own.getByRole("button", { name: "Use this one" }).click();
    await expect(own).toContainText("In use", { timeout: 60_000 });
    const station = page.getByRole("region", { name: "Analysis in this browser" });
    await expect(station).toContainText(/\d+ cameras?/);

    await own.getByRole("button", { name: "Remove" }).click();
    await expect(own).toBeHidden();
    expect(await list()).toMatchObject({ chosen: null });
  } finally {
    rmSync(laid, { recursive: true });
  }
});
