import { HTTP_STATUS } from "#contract/errors.ts";
import type { ReceiptAnswer } from "#contract/events.ts";

type SentEvent = { receipt_id: string };

/** How the receiving end treats one batch. */
export type Behaviour =
  | { kind: "answer" }
  /** The connection fails before anything is stored. */
  | { kind: "unreachable" }
  /** Everything is stored, then the connection breaks: the answer is lost after the commit. */
  | { kind: "lost_answer" }
  | { kind: "half_answer" }
  /** Takes only the first `count` events in, and says nothing of the others. */
  | { kind: "answers_only"; count: number }
  | { kind: "status"; status: number; headers?: Record<string, string> };

/** A gateway in memory behind `fetch`, as the contract has it; `behave` says how it treats each batch. */
export function memoryGateway() {
  const stored = new Map<string, SentEvent>();
  const posts: { receipts: string[]; sizeBytes: number }[] = [];
  const gateway = {
    stored,
    posts,
    behave: (_receipts: string[]): Behaviour => ({ kind: "answer" }),
    /** Single events refused by the answer. */
    refuses: (_event: SentEvent): boolean => false,
    /** A batch with such an event is refused as a whole. */
    spoils: (_event: SentEvent): boolean => false,
    maxBytes: Number.POSITIVE_INFINITY,
    fetch: (async (_path: unknown, init?: RequestInit) => respond(init)) as typeof fetch,
  };

  async function respond(init?: RequestInit): Promise<Response> {
    init?.signal?.throwIfAborted();
    const body = String(init?.body);
    const { events } = JSON.parse(body) as { events: SentEvent[] }; // made by the code under test
    const receipts = events.map((event) => event.receipt_id);
    const sizeBytes = new TextEncoder().encode(body).length;
    posts.push({ receipts, sizeBytes });
    const behaviour = gateway.behave(receipts);
    if (behaviour.kind === "unreachable") throw new TypeError("Failed to fetch");
    if (behaviour.kind === "status")
      return new Response("a proxy's page", {
        status: behaviour.status,
        ...(behaviour.headers && { headers: behaviour.headers }),
      });
    if (sizeBytes > gateway.maxBytes) return refusal("body_too_large");
    if (events.some(gateway.spoils)) return refusal("invalid_body");
    const taken = behaviour.kind === "answers_only" ? events.slice(0, behaviour.count) : events;
    const answer = JSON.stringify({ receipts: taken.map(take) });
    if (behaviour.kind === "lost_answer") throw new TypeError("Failed to fetch");
    if (behaviour.kind === "half_answer") return new Response(answer.slice(0, answer.length / 2));
    return new Response(answer);
  }

  function take(event: SentEvent, index: number): ReceiptAnswer {
    const { receipt_id } = event;
    if (gateway.refuses(event))
      return { index, receipt_id, outcome: "refused", code: "invalid_payload", reason: "no such field" };
    if (stored.has(receipt_id)) return { index, receipt_id, outcome: "duplicate" };
    stored.set(receipt_id, event);
    return { index, receipt_id, outcome: "stored" };
  }

  return gateway;
}
export type MemoryGateway = ReturnType<typeof memoryGateway>;

function refusal(code: "body_too_large" | "invalid_body"): Response {
  return Response.json({ error: { code, message: code, traceId: "t" } }, { status: HTTP_STATUS[code] });
}
