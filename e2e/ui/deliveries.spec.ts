import { expect, type Page, test } from "@playwright/test";
import { aLedger, anEvent, anId, aParkedEvent, aSink, aStationLedger } from "#contract/examples.ts";
import { fillPath, paths } from "#contract/paths.ts";
import {
  NewSink,
  ParkedCorrection,
  ParkedDiscard,
  ParkedRetry,
  type Sink,
  SinkChange,
} from "#contract/sinks.ts";
import type { Station } from "#contract/stations.ts";
import { type Asked, madeGateway, type Replies } from "../support/made-gateway.ts";

test.use({ serviceWorkers: "block" });

const office = aSink({
  name: "Head office",
  secrets: ["hmacKey"],
  ledger: aLedger({ created: 1_204, acknowledged: 1_180, waiting: 20, parked: 3, discarded: 1 }),
  oldestWaitingMs: 95_000,
  ratePerS: 2.5,
  emptyInS: 8,
});
const broker = aSink({
  name: "Broker",
  target: {
    kind: "mqtt",
    url: "mqtt://192.168.0.10:1883",
    username: "shop",
    clientId: "",
    topics: ["guarita/{store_id}/{camera_id}/{event_name}"],
    retainsState: true,
  },
  state: {
    status: "open",
    reason: "nothing answers at the address: connect ECONNREFUSED",
    trouble: { code: "nothing_answers", detail: "connect ECONNREFUSED" },
    failures: 5,
    untilMs: Date.now() + 60_000,
  },
  ledger: aLedger({ created: 10, waiting: 10 }),
});
const till: Station = {
  id: anId(),
  name: "Till",
  isHere: false,
  heardAgoMs: 300_000,
  capacity: 4,
  picturesPerS: 0,
  msPerPicture: 0,
  model: "m",
  cameras: [],
  ledger: aStationLedger({ created: 7, acknowledged: 5, waiting: 2, oldestWaitingMs: 400_000 }),
};

/** A gateway with these sinks, whose replies a test may change while it runs. */
function shop(sinks: Sink[], more: Replies = () => null): Replies {
  return (asked) => {
    const special = more(asked);
    if (special) return special;
    if (asked.method === "GET" && asked.path === paths.sinks) return { json: { sinks } };
    if (asked.path === paths.stations) return { json: { stations: [till], unwatched: [] } };
    return null;
  };
}

async function open(page: Page, replies: Replies, path = "/deliveries"): Promise<Asked[]> {
  const { url, asked } = await madeGateway(page, replies);
  await page.goto(`${url}${path}`);
  return asked;
}

const sentTo = (asked: Asked[], method: string, path: string) =>
  asked.filter((one) => one.method === method && one.path === path).map(({ body }) => body);

test("both hops are seen at a glance", async ({ page }) => {
  await open(page, shop([office, broker]));
  await expect(page.getByRole("listitem", { name: "This device" })).toContainText(
    "Everything is with the gateway",
  );
  const silent = page.getByRole("listitem", { name: "Till" });
  await expect(silent).toContainText("Silent, its events wait on it");
  await expect(silent).toContainText("As it said 5 min ago");
  const card = page.getByRole("listitem", { name: "Head office" });
  for (const words of ["1,204", "1,180", "2.5 a second", "8 s", "The sums agree"])
    await expect(card).toContainText(words);
  const resting = page.getByRole("listitem", { name: "Broker" });
  await expect(resting).toContainText("after 5 failures in a row");
  await expect(resting).toContainText("Nothing answers at this address.");
  await expect(resting).toContainText("Detail: connect ECONNREFUSED");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a trouble with a code that this page does not know yet is told by its reason", async ({ page }) => {
  const state = { ...broker.state, reason: "the moon is in the way", trouble: { code: "moon" } };
  await open(page, shop([{ ...broker, state } as Sink])); // of a newer gateway
  await expect(page.getByRole("listitem", { name: "Broker" })).toContainText("the moon is in the way");
});

test("a ledger that does not balance cannot be missed", async ({ page }) => {
  const lossy = { ...office, ledger: { ...office.ledger, created: 1_300, isBalanced: false } };
  await open(page, shop([lossy]));
  await expect(page.getByRole("alert").first()).toContainText("Head office: made 1300, accounted for 1204");
});

test("a destination is added, and a test event is sent to it", async ({ page }) => {
  const asked = await open(
    page,
    shop([], ({ method, path }) => {
      if (method === "POST" && path === paths.sinks) return { json: office };
      const isTest = path === fillPath(paths.sinkTest, { id: office.id });
      const trouble = { code: "key_refused", detail: "HTTP 401: expired" };
      return isTest ? { json: { ok: false, message: "no", trouble, tookMs: 12 } } : null;
    }),
  );
  await page.getByRole("button", { name: "Add a destination" }).first().click();
  await page.getByRole("button", { name: /^HTTP/ }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("A name of 1 to 80 characters.")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("Head office");
  await page.getByRole("textbox", { name: "Address" }).fill("https://hub.example/events");
  await page.getByLabel("Key of the signature").fill("s3cret");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: /Send a test event/ }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("It did not arrive.");
  await expect(alert).toContainText("The destination does not accept the key.");
  await expect(alert).toContainText("The destination says: “HTTP 401: expired”");
  const [sent] = sentTo(asked, "POST", paths.sinks);
  expect(NewSink.parse(sent)).toMatchObject({
    name: "Head office",
    everyMs: 60_000,
    target: { kind: "http", url: "https://hub.example/events" },
    secrets: { hmacKey: "s3cret" },
  });
});

test("a secret that is set stays unless it is replaced or forgotten", async ({ page }) => {
  const asked = await open(
    page,
    shop([office], ({ method }) => (method === "PUT" ? { json: office } : null)),
  );
  await page.getByRole("button", { name: "Change Head office" }).click();
  await expect(page.getByText("Is set. It is never shown.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("button", { name: "Change Head office" }).click();
  await page.getByRole("button", { name: "Forget Key of the signature" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const changes = sentTo(asked, "PUT", fillPath(paths.sink, { id: office.id }));
  expect(changes.map((body) => SinkChange.parse(body).secrets)).toEqual([{}, { hmacKey: null }]);
});

test("before a destination goes, what would be lost is said", async ({ page }) => {
  const asked = await open(
    page,
    shop([office], ({ method }) => (method === "DELETE" ? { status: 204 } : null)),
  );
  await page.getByRole("button", { name: "Remove Head office" }).click();
  await expect(page.getByRole("dialog")).toContainText("23 events that have not arrived there yet are lost");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(sentTo(asked, "DELETE", fillPath(paths.sink, { id: office.id }))).toHaveLength(1);
});

test("parked events are read, corrected, retried and discarded with a reason", async ({ page }) => {
  const parked = [1, 2, 3].map((seq) =>
    aParkedEvent({
      seq,
      event: anEvent(),
      trouble: { code: "refused", detail: `HTTP 422: unknown field ${seq}` },
    }),
  );
  const at = (path: string) => fillPath(path, { id: office.id, seq: "1" });
  const asked = await open(
    page,
    shop([office], ({ method, path }) => {
      if (path === at(paths.sinkParked)) return { json: { parked, nextCursor: null } };
      return method === "POST" || method === "PUT" ? { status: 204 } : null;
    }),
  );
  await page.getByRole("link", { name: "3 parked events" }).click();
  const first = page.getByRole("listitem").filter({ hasText: "unknown field 1" });
  await first.getByText("Details").click();
  await expect(first).toContainText("The destination refuses this event. http_422");
  await expect(first.getByLabel("What came back")).toHaveText("422 unknown field");

  await first.getByRole("button", { name: /^Correct/ }).click();
  const payload = page.getByLabel("Payload");
  await payload.fill("{");
  await page.getByRole("button", { name: "Save and send again" }).click();
  await expect(page.getByText("This is not JSON")).toBeVisible();
  await payload.fill(JSON.stringify({ ...anEvent().payload, length: -1 }));
  await page.getByRole("button", { name: "Save and send again" }).click();
  await expect(page.getByText("“length” must be 0 or more.")).toBeVisible();
  const mended = { ...anEvent().payload, length: 9 };
  await payload.fill(JSON.stringify(mended));
  await page.getByRole("button", { name: "Save and send again" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const [correction] = sentTo(asked, "PUT", at(paths.sinkParkedOne));
  expect(ParkedCorrection.parse(correction)).toEqual({ payload: mended });

  const second = page.getByRole("listitem").filter({ hasText: "unknown field 2" });
  await second.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Send again", exact: true }).click();
  await expect(page.getByText("1 event is sent again")).toBeVisible();
  const retries = sentTo(asked, "POST", at(paths.sinkParkedRetry)).map(
    (body) => ParkedRetry.parse(body).seqs,
  );
  expect(retries).toEqual([[1], [2]]);

  await page.getByRole("button", { name: "Discard all" }).click();
  const discard = page.getByRole("dialog").getByRole("button", { name: "Discard" });
  await expect(discard).toBeDisabled();
  await page.getByRole("textbox", { name: "Reason" }).fill("test data");
  await discard.click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const [discarded] = sentTo(asked, "POST", at(paths.sinkParkedDiscard));
  expect(ParkedDiscard.parse(discarded)).toEqual({ seqs: "all", reason: "test data" });
});

test("an event that the gateway refused is parked in this browser, and sent again by a person", async ({
  page,
}) => {
  let isRefusing = true;
  const event = anEvent();
  const stored: unknown[] = [];
  await open(
    page,
    shop([], ({ method, path, body }) => {
      if (method !== "POST" || path !== paths.events) return null;
      const { receipt_id } = event;
      const refusal = { outcome: "refused", code: "invalid_payload", reason: "length: too big" };
      if (!isRefusing) stored.push(body);
      return {
        json: { receipts: [{ index: 0, receipt_id, ...(isRefusing ? refusal : { outcome: "stored" }) }] },
      };
    }),
  );
  await page.evaluate(
    (one) =>
      (globalThis as unknown as { guaritaEnqueue(events: unknown[]): Promise<void> }).guaritaEnqueue([one]),
    event,
  );
  await expect(page.getByRole("listitem", { name: "This device" })).toContainText(
    "Refused events wait for you",
  );
  await page.getByRole("link", { name: "1 parked event" }).click();
  await expect(page.getByText("The content of the event is not as its kind asks for.")).toBeVisible();
  await expect(page.getByText("The gateway says: “length: too big”")).toBeVisible();
  isRefusing = false;
  await page.getByRole("button", { name: "Send all again" }).click();
  await expect(page.getByText("Nothing is parked")).toBeVisible();
  await expect.poll(() => stored).toEqual([{ events: [event] }]);
  await page.getByRole("link", { name: "Deliveries" }).last().click();
  await expect(page.getByRole("listitem", { name: "This device" })).toContainText(
    "Everything is with the gateway",
  );
});
