import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession } from "@playwright/test";

/** A page of its own, in the browser's own language and storage. */
export type UnwatchedPage = {
  /** Resolves when the page answers; what it loads then may still be on its way. */
  goto(url: string): Promise<void>;
  /** As Playwright's: runs inside the page, refers to nothing outside itself, and what it resolves to is JSON. */
  evaluate<Result>(work: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Given, Result>(work: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result>;
  /** Resolves when `work` resolves to something other than null and undefined, with that. */
  waitFor<Result>(work: () => Result | null | undefined): Promise<Result>;
  close(): Promise<void>;
};

type Answer = { id: number; result?: unknown; error?: { message: string } };
type Evaluated = { result: { value?: unknown }; exceptionDetails?: { exception?: { description?: string } } };

/** As Playwright's own pages. */
const SIZE = { width: 1280, height: 720 };
const OPENED_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;

/**
 * Opens a page into which nobody looks while it runs. Playwright has the browser report every message of every
 * connection, those of workers too: with a hundred cameras that alone takes a part of the cores that are measured.
 * Here only what is asked is answered. `before` runs in the page before anything of its own.
 */
export async function openUnwatched(browser: Browser, before?: () => void): Promise<UnwatchedPage> {
  const session = await browser.newBrowserCDPSession();
  // outside of Playwright's own contexts, to which it attaches itself
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank", ...SIZE });
  const send = await attach(session, targetId);
  if (before) {
    await send("Page.enable", {});
    await send("Page.addScriptToEvaluateOnNewDocument", { source: `(${before})()` });
  }

  async function evaluate(work: (given: never) => unknown, given?: unknown) {
    const expression = `(${work})(${JSON.stringify(given) ?? ""})`;
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await send("Runtime.evaluate", asked)) as Evaluated; // as the protocol says
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "it threw in the page");
    return result.value;
  }

  return {
    async goto(url) {
      const { errorText } = (await send("Page.navigate", { url })) as { errorText?: string }; // as the protocol says
      if (errorText) throw new Error(`${url}: ${errorText}`);
    },
    evaluate: evaluate as UnwatchedPage["evaluate"], // it is what `work` gives, as JSON
    async waitFor<Result>(work: () => Result | null | undefined) {
      const untilMs = Date.now() + OPENED_WITHIN_MS;
      while (Date.now() < untilMs) {
        const found = (await evaluate(work)) as Result | null | undefined; // the same
        if (found !== null && found !== undefined) return found;
        await sleep(ASK_EVERY_MS);
      }
      throw new Error(`not so within ${OPENED_WITHIN_MS / 1_000} s: ${work}`);
    },
    async close() {
      await session.send("Target.closeTarget", { targetId });
      await session.detach();
    },
  };
}

/** Commands to the page itself, through the browser's session: a session of its own would be Playwright's again. */
async function attach(session: CDPSession, targetId: string) {
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  session.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    const answer = JSON.parse(event.message) as Answer; // or an event, which has no id
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return async function send(method: string, params: object): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    await session.send("Target.sendMessageToTarget", {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}
