/** What both ends need of a `MessagePort`, a `Worker` or a worker's own scope. */
export type RpcPort = {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
};

/** The calls of an interface: one request object in, one answer out. */
export type Calls<Api> = { [Name in keyof Api]: (request: never) => Promise<unknown> };

type Request = { kind: "call"; id: number; name: string; request: unknown };
type Reply =
  | { kind: "answer"; id: number; answer: unknown }
  /** Across a worker go name and message only. */
  | { kind: "failure"; id: number; name: string; message: string };

type Waiting = { resolve(answer: unknown): void; reject(cause: Error): void };

/** Matches replies to requests. */
export function rpcClient<Api extends Calls<Api>>(port: RpcPort) {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let broken: Error | null = null;

  port.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id);
    if (!call) return;
    waiting.delete(data.id);
    if (data.kind === "answer") call.resolve(data.answer);
    else call.reject(Object.assign(new Error(data.message), { name: data.name }));
  });

  return {
    call<Name extends keyof Api & string>(
      name: Name,
      request: Parameters<Api[Name]>[0],
      transfer: Transferable[] = [],
    ): ReturnType<Api[Name]> {
      const answer = new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        port.postMessage({ kind: "call", id: lastId, name, request } satisfies Request, transfer);
      });
      // The other side answers `name` by the same interface.
      return answer as ReturnType<Api[Name]>;
    },
    /** The other side is gone: every waiting call and every later one is rejected. */
    fail(cause: Error): void {
      broken = cause;
      for (const call of waiting.values()) call.reject(cause);
      waiting.clear();
    },
  };
}
export type RpcClient<Api extends Calls<Api>> = ReturnType<typeof rpcClient<Api>>;

const transfers = new WeakMap<object, Transferable[]>();

/** An answer of which these parts move to the other side instead of being copied. */
export function transferring<Answer extends object>(answer: Answer, parts: Transferable[]): Answer {
  transfers.set(answer, parts);
  return answer;
}

/** Answers the calls of the other side. */
export function rpcServe<Api extends Calls<Api>>(port: RpcPort, api: Api): void {
  port.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
    if (data?.kind !== "call" || !Object.hasOwn(api, data.name)) return;
    const { id } = data;
    try {
      // The name was looked up in the interface just above.
      const answer = await api[data.name as keyof Api](data.request as never);
      const parts = typeof answer === "object" && answer !== null ? transfers.get(answer) : undefined;
      port.postMessage({ kind: "answer", id, answer } satisfies Reply, parts ?? []);
    } catch (cause) {
      const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
      port.postMessage({ kind: "failure", id, name, message } satisfies Reply, []);
    }
  });
}
