import { expect, test } from "vitest";
import { rpcClient, rpcServe, transferring } from "./rpc.ts";

type Calculator = {
  add(request: { a: number; b: number }): Promise<number>;
  fail(request: object): Promise<never>;
  sleep(request: object): Promise<void>;
  fill(request: { bytes: Uint8Array }): Promise<{ bytes: Uint8Array }>;
};

function connected() {
  const filled: Uint8Array[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  rpcServe<Calculator>(port2, {
    add: async ({ a, b }) => a + b,
    fail: async () => {
      throw new RangeError("too many people");
    },
    sleep: () => new Promise(() => undefined),
    async fill({ bytes }) {
      filled.push(bytes.fill(7));
      return transferring({ bytes }, [bytes.buffer]);
    },
  });
  const close = () => {
    port1.close();
    port2.close();
  };
  return { client: rpcClient<Calculator>(port1), close, filled };
}

test("every call gets its own answer, whatever the order", async () => {
  const { client, close } = connected();
  const answers = await Promise.all([1, 2, 3].map((a) => client.call("add", { a, b: 10 })));
  expect(answers).toEqual([11, 12, 13]);
  close();
});

test("a failure comes back with its name and message", async () => {
  const { client, close } = connected();
  await expect(client.call("fail", {})).rejects.toMatchObject({
    name: "RangeError",
    message: "too many people",
  });
  close();
});

test("when the other side is gone, waiting and later calls are rejected", async () => {
  const { client, close } = connected();
  const waiting = client.call("sleep", {});
  client.fail(new Error("the worker died"));
  await expect(waiting).rejects.toThrow("the worker died");
  await expect(client.call("add", { a: 1, b: 1 })).rejects.toThrow("the worker died");
  close();
});

test("a buffer goes there and back without a copy", async () => {
  const { client, close, filled } = connected();
  const sent = new Uint8Array(8);
  const { bytes } = await client.call("fill", { bytes: sent }, [sent.buffer]);
  expect([sent.length, filled[0]?.length]).toEqual([0, 0]);
  expect([...bytes]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  close();
});
