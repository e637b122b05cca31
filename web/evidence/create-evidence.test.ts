import { afterEach, beforeEach, expect, test } from "vitest";
import type { Evidence } from "./evidence.ts";
import { aPicture, type EvidenceDevice, evidenceDevice } from "./harness.memory.ts";

/** A busy machine is given time. */
const SOON = { timeout: 15_000 };

let device: EvidenceDevice;
beforeEach(() => {
  device = evidenceDevice();
});
afterEach(() => device.close());

/** Waits until the tab shows these figures. */
const showing = (tab: Evidence, figures: Partial<ReturnType<Evidence["status"]>>) =>
  expect.poll(tab.status, SOON).toMatchObject(figures);

test("a picture is sent at once, and forgotten here when the gateway has it", async () => {
  const tab = device.openTab();
  tab.start();
  const picture = aPicture();
  await tab.keep(picture);
  await showing(tab, { waiting: 0, sent: 1, shed: 0, refused: 0 });
  expect(device.stored).toEqual(new Set([picture.mediaId]));
  await tab.keep(picture);
  await showing(tab, { waiting: 0, sent: 2 });
});

test("pictures wait while the gateway is away, survive the page, and go in order when it is back", async () => {
  device.behave = () => "unreachable";
  const first = device.openTab();
  first.start();
  const pictures = [aPicture(), aPicture(), aPicture()];
  for (const picture of pictures) await first.keep(picture);
  await showing(first, { waiting: 3, waitingBytes: 300, lastError: "The gateway cannot be reached." });
  first.stop();
  device.behave = () => "store";
  device.brought.length = 0;
  const second = device.openTab();
  second.start();
  await showing(second, { waiting: 0, sent: 3, lastError: null });
  expect(device.brought).toEqual(pictures.map(({ mediaId }) => mediaId));
});

test("an answer that was lost costs a second try, never a second picture", async () => {
  let isFirst = true;
  device.behave = () => {
    if (!isFirst) return "store";
    isFirst = false;
    return "lost_answer";
  };
  const tab = device.openTab();
  tab.start();
  await tab.keep(aPicture());
  await showing(tab, { waiting: 1 });
  device.wake();
  await showing(tab, { waiting: 0, sent: 1 });
  expect(device.stored.size).toBe(1);
});

test("beyond the limit the oldest go first, and are counted", async () => {
  device.behave = () => "unreachable";
  const tab = device.openTab();
  tab.start();
  const pictures = Array.from({ length: 7 }, () => aPicture());
  for (const picture of pictures) await tab.keep(picture);
  await showing(tab, { waiting: 5, shed: 2 });
  await tab.keep(aPicture(900)); // the size is a limit too
  await showing(tab, { waiting: 2, waitingBytes: 1_000, shed: 6 });
  device.behave = () => "store";
  device.wake();
  await showing(tab, { waiting: 0, sent: 2, shed: 6 });
  expect(device.stored.has(pictures[6]?.mediaId ?? "")).toBe(true);
});

test("for events that find no room the older half goes, until none is left", async () => {
  device.behave = () => "unreachable";
  const tab = device.openTab();
  tab.start();
  for (let i = 0; i < 3; i++) await tab.keep(aPicture());
  expect(await tab.makeRoom()).toBe(true);
  await showing(tab, { waiting: 1, shed: 2 });
  expect(await tab.makeRoom()).toBe(true);
  expect(await tab.makeRoom()).toBe(false);
  await showing(tab, { waiting: 0, shed: 3 });
});

test("after a failure the next try waits, longer each time, and at least as long as the gateway asks", async () => {
  device.behave = () => ({ code: "storage_unavailable", retryAfterS: 30 });
  const tab = device.openTab();
  tab.start();
  await tab.keep(aPicture());
  await showing(tab, { waiting: 1, lastError: "The gateway answered 503 (storage_unavailable)." });
  const tries = device.brought.length;
  device.pass(20_000);
  await tab.keep(aPicture());
  await showing(tab, { waiting: 2 });
  expect(device.brought).toHaveLength(tries);
  device.behave = () => "store";
  device.pass(11_000);
  await showing(tab, { waiting: 0, sent: 2 });
});

test("a picture that the gateway will never take is counted, and holds up none", async () => {
  const bad = aPicture();
  device.behave = (mediaId) => (mediaId === bad.mediaId ? { code: "conflict" } : "store");
  const tab = device.openTab();
  tab.start();
  await tab.keep(bad);
  await tab.keep(aPicture());
  await showing(tab, { waiting: 0, sent: 1, refused: 1 });
});

test("a picture over which the gateway stumbles waits for itself; the others go on", async () => {
  const odd = aPicture();
  device.behave = (mediaId) => (mediaId === odd.mediaId ? { code: "internal" } : "store");
  const tab = device.openTab();
  tab.start();
  await tab.keep(odd);
  await tab.keep(aPicture());
  await showing(tab, { waiting: 1, sent: 1 });
  device.behave = () => "store";
  device.wake();
  await showing(tab, { waiting: 0, sent: 2 });
});

test("two tabs send each picture once, and the one that stays takes over", async () => {
  device.behave = () => "unreachable";
  const [one, two] = [device.openTab(), device.openTab()];
  one.start();
  two.start();
  for (let i = 0; i < 4; i++) await one.keep(aPicture());
  await showing(two, { waiting: 4 });
  device.behave = () => "store";
  device.brought.length = 0;
  device.wake(); // both at once
  await showing(one, { waiting: 0, sent: 4 });
  expect(device.brought.length).toBe(new Set(device.brought).size);
  device.behave = () => "unreachable";
  await one.keep(aPicture());
  await showing(two, { waiting: 1 });
  one.stop();
  device.behave = () => "store";
  await expect
    .poll(() => {
      device.pass(2_000);
      return two.status();
    }, SOON)
    .toMatchObject({ waiting: 0, sent: 5 });
});

test("a connection to the database that the browser lost is opened again", async () => {
  const db = device.openDatabase();
  const tab = device.openTab({ db });
  tab.start();
  await tab.keep(aPicture());
  await showing(tab, { waiting: 0, sent: 1 });
  db.backendDB().close();
  await Promise.all([tab.keep(aPicture()), tab.keep(aPicture())]);
  await showing(tab, { waiting: 0, sent: 3, lastError: null });
});
