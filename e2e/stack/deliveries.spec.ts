/** Hop two as a person has it: the real page, the real gateway, and a receiving end outside. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { aQueuePayload } from "#contract/examples.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Gateway } from "../support/gateway.ts";
import { offerEvents, openOutbox } from "../support/outbox-page.ts";
import { type Receiver, startHttpReceiver } from "../support/receiver.ts";

const SECRET = "4-key-that-nobody-is-told-again";
const ARRIVES = { timeout: 60_000 };

let receiver: Receiver;
test.beforeEach(async () => {
  receiver = await startHttpReceiver({ hmacKey: SECRET });
});
test.afterEach(() => receiver.stop());

/** As a person adds it; resolves to its card. */
async function addDestination(page: Page): Promise<Locator> {
  await page.getByRole("link", { name: "Deliveries" }).first().click();
  await page.getByRole("button", { name: "Add a destination" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^HTTP/ }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Head office");
  await dialog.getByRole("textbox", { name: "Address" }).fill(receiver.sink.target.url);
  await dialog.getByLabel("Key of the signature").fill(SECRET);
  await dialog.getByRole("button", { name: "More settings" }).click();
  await dialog.getByLabel("Send after (seconds)").fill("0");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toBeHidden();
  return page.getByRole("listitem", { name: "Head office" });
}

/** Events that the page itself makes; resolves to their receipts. */
async function makeEvents(page: Page, gateway: Gateway, count: number, length = 3): Promise<string[]> {
  const { storeId } = await gateway.health();
  return enqueue(page, storeId, count, length);
}
async function enqueue(page: Page, storeId: string, count: number, length = 3): Promise<string[]> {
  const payload = aQueuePayload({ length, max_length: length });
  return (await offerEvents(page, { count, each: 1, everyMs: 0, storeId, payload })).receipts;
}

const missing = (receipts: string[]) => receipts.filter((receipt) => !receiver.taken().has(receipt));
const expectArrived = (receipts: string[]) => expect.poll(() => missing(receipts), ARRIVES).toEqual([]);

/** Made, arrived, waiting, parked, as the page shows them. */
async function expectLedger(card: Locator, figures: [number, number, number, number]): Promise<void> {
  const shown = card.getByLabel("Ledger of Head office").getByRole("definition");
  await expect(shown).toHaveText(figures.map(String), ARRIVES);
  await expect(card).toContainText("The sums agree");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
}

test("a destination added in the page gets signed events, and its secret is never told again", async ({
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const told: string[] = [];
  page.on("response", async (response) => {
    const isApi = new URL(response.url()).pathname.startsWith("/api/");
    if (isApi) told.push(await response.text().catch(() => "")); // a stream, or the page went on
  });
  await openOutbox(page, gateway.url);
  const card = await addDestination(page);

  await card.getByRole("button", { name: "Send a test event" }).click();
  await expect(card).toContainText("It arrived after");
  expect([...receiver.taken().values()]).toMatchObject([
    { event_name: "camera.health", meta: { test: true } },
  ]);
  const receipts = await makeEvents(page, gateway, 20);
  await expectArrived(receipts);
  await expectLedger(card, [20, 20, 0, 0]);

  await card.getByRole("button", { name: "Change Head office" }).click();
  await expect(page.getByText("Is set. It is never shown.")).toBeVisible();
  await page.reload();
  await expect(card).toBeVisible();
  expect(told.join("\n")).toContain("hmacKey");
  expect(told.join("\n")).not.toContain(SECRET);
  const files = filesBelow(gateway.dataDir);
  expect(files.filter((file) => file.endsWith("guarita.sqlite-wal"))).toHaveLength(1);
  expect(files.filter((file) => readFileSync(file).includes(SECRET))).toEqual([]);
  expect(gateway.process().lines.join("\n")).not.toContain(SECRET);
});

test("an event that the receiver refuses is parked alone, corrected in the page, and arrives", async ({
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  receiver.setMode({
    kind: "refuses",
    why: ({ payload }) => (payload?.length === 13 ? "nobody queues as thirteen" : null),
  });
  await openOutbox(page, gateway.url);
  const card = await addDestination(page);
  const good = await makeEvents(page, gateway, 10);
  const [guilty = ""] = await makeEvents(page, gateway, 1, 13);
  const later = await makeEvents(page, gateway, 10);
  await expectArrived([...good, ...later]);
  await expectLedger(card, [21, 20, 0, 1]);

  await card.getByRole("link", { name: "1 parked event" }).click();
  const parked = page.getByRole("listitem").filter({ hasText: "http_400" });
  await expect(parked).toContainText("The destination refuses this event.");
  await expect(parked).toContainText("The destination says: “HTTP 400: ");
  await parked.getByText("Details").click();
  await expect(parked.getByLabel("What was sent")).toContainText(guilty);
  await expect(parked.getByLabel("What came back")).toContainText("nobody queues as thirteen");
  await parked.getByRole("button", { name: /^Correct/ }).click();
  const payload = page.getByLabel("Payload");
  await payload.fill(JSON.stringify(aQueuePayload({ length: 12, max_length: 13 })));
  await page.getByRole("button", { name: "Save and send again" }).click();
  await expect(page.getByText("Nothing is parked")).toBeVisible();
  await expectArrived([guilty]);
  expect(receiver.taken().get(guilty)?.payload).toMatchObject({ length: 12 });
  await page.goBack();
  await expectLedger(card, [21, 21, 0, 0]);
});

test("a pause, and a gateway killed twice, lose nothing and send nothing again", async ({
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const { storeId } = await gateway.health();
  await openOutbox(page, gateway.url);
  const card = await addDestination(page);
  await card.getByRole("button", { name: "Pause Head office" }).click();
  await expect(card).toContainText("Paused: events are collected, none is sent");
  const before = await enqueue(page, storeId, 20);
  await expectLedger(card, [20, 0, 20, 0]);

  const restart = async () => {
    const calm = receiver.excuse();
    await gateway.kill();
    const meanwhile = await enqueue(page, storeId, 10);
    await gateway.start();
    calm();
    return meanwhile;
  };
  const meanwhile = await restart();
  await expectLedger(card, [30, 0, 30, 0]);
  expect(receiver.taken().size).toBe(0);

  receiver.setMode({ kind: "slow", ms: 3_000 });
  await card.getByRole("button", { name: "Let Head office go on" }).click();
  await expect.poll(() => receiver.taken().size, ARRIVES).toBe(30);
  const again = await restart(); // before it had its answer
  receiver.setMode({ kind: "takes" });
  await expectArrived([...before, ...meanwhile, ...again]);
  await expectLedger(card, [40, 40, 0, 0]);
  expect(receiver.taken().size).toBe(40);
  expect([...receiver.twice()]).toEqual([]);
});
