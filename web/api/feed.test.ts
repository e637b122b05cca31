import { expect, test } from "vitest";
import { aCamera } from "#contract/examples.ts";
import { createFeed, type FeedSocket } from "./feed.ts";

/** A feed on sockets the test opens and closes by hand, and waits it runs by hand. */
function aFeed() {
  const sockets: FeedSocket[] = [];
  const waits: { work: () => void; delayMs: number; cancelled: boolean }[] = [];
  const feed = createFeed({
    random: () => 0,
    connect: () => {
      const socket: FeedSocket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        close: () => socket.onclose?.(),
      };
      sockets.push(socket);
      return socket;
    },
    later: (work, delayMs) => {
      const wait = { work, delayMs, cancelled: false };
      waits.push(wait);
      return () => {
        wait.cancelled = true;
      };
    },
  });
  const isSilence = ({ delayMs }: { delayMs: number }) => delayMs === 10_000;
  return {
    feed,
    sockets,
    /** For the next try. */
    waits: { all: () => waits.filter((wait) => !isSilence(wait)) },
    /** The newest wait for a sign of life that was not called off. */
    silence: () => waits.findLast((wait) => isSilence(wait) && !wait.cancelled),
  };
}

test("a lost feed waits longer after every failure and starts anew after a success", () => {
  const { feed, sockets, waits } = aFeed();
  feed.start();
  for (let failure = 0; failure < 5; failure += 1) {
    sockets.at(-1)?.onclose?.();
    waits.all().at(-1)?.work();
  }
  expect(waits.all().map((wait) => wait.delayMs)).toEqual([500, 1_000, 2_000, 4_000, 4_000]);

  sockets.at(-1)?.onopen?.();
  expect(feed.status()).toBe("connected");
  sockets.at(-1)?.onclose?.();
  expect(waits.all().at(-1)?.delayMs).toBe(500);
});

test("a message that is not one of the contract's is left out and the next one still arrives", () => {
  const { feed, sockets } = aFeed();
  const seen: string[] = [];
  feed.onMessage((message) => seen.push(message.type));
  feed.start();
  const camera = aCamera();
  for (const data of [
    "{",
    '{"type":"from-the-future"}',
    new ArrayBuffer(2),
    JSON.stringify({ type: "camera-changed", camera }),
  ])
    sockets[0]?.onmessage?.({ data });
  expect(seen).toEqual(["camera-changed"]);
});

test("a gateway that says nothing any more is lost, though its socket is open", () => {
  const { feed, sockets, waits, silence } = aFeed();
  feed.start();
  sockets[0]?.onopen?.();
  const first = silence();
  sockets[0]?.onmessage?.({ data: '{"type":"alive"}' });
  expect(first?.cancelled).toBe(true);
  silence()?.work();
  expect(feed.status()).toBe("lost");
  waits.all().at(-1)?.work();
  sockets[1]?.onopen?.();
  expect(feed.status()).toBe("connected");
});

test("stopping ends the socket without another try", () => {
  const { feed, sockets, waits } = aFeed();
  feed.start();
  sockets[0]?.onopen?.();
  feed.stop();
  expect(feed.status()).toBe("stopped");
  expect(waits.all()).toEqual([]);
});

test("asked to try now, a lost feed connects at once and calls its waiting try off", () => {
  const { feed, sockets, waits } = aFeed();
  feed.start();
  sockets[0]?.onclose?.();
  feed.retryNow();
  feed.retryNow(); // already connecting
  expect(sockets).toHaveLength(2);
  expect(waits.all()[0]?.cancelled).toBe(true);
});
