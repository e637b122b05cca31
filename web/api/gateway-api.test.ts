import { expect, test } from "vitest";
import { aCamera } from "#contract/examples.ts";
import { createGatewayApi } from "./gateway-api.ts";

/** An api whose gateway answers every request with `respond`; `asked` lists the requests. */
function anApi(respond: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const api = createGatewayApi({
    fetch: async (input, init) => {
      const request = new Request(new URL(String(input), "http://gateway"), init);
      asked.push(request);
      return respond(request);
    },
  });
  return { api, asked };
}

test("a refusal keeps the gateway's code and trace", async () => {
  const error = { code: "conflict", message: "already there", traceId: "t-1" };
  const { api } = anApi(() => Response.json({ error }, { status: 409 }));
  await expect(api.cameras()).rejects.toMatchObject({ code: "conflict", traceId: "t-1" });
});

test("an answer that breaks the contract is an error, not half a camera", async () => {
  const { api } = anApi(() => Response.json({ cameras: [{ ...aCamera(), state: { status: "purple" } }] }));
  await expect(api.cameras()).rejects.toMatchObject({ code: "bad_answer" });
});

test("no connection and a proxy before a dead gateway are both unreachable", async () => {
  const down = anApi(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(down.api.health()).rejects.toMatchObject({ code: "unreachable" });
  const proxied = anApi(() => new Response("Bad Gateway", { status: 502 }));
  await expect(proxied.api.health()).rejects.toMatchObject({ code: "unreachable" });
});

test("a call given up rejects with the reason it was given up for", async () => {
  const { api } = anApi((request) => Promise.reject(request.signal.reason));
  const signal = AbortSignal.abort(new DOMException("left the page", "AbortError"));
  await expect(api.cameras(signal)).rejects.toMatchObject({ name: "AbortError" });
});

test("filters without a value are not asked for", async () => {
  const { api, asked } = anApi(() => Response.json({ events: [] }));
  await api.events({ limit: 50, event_name: "queue.detected", camera_id: undefined });
  expect(new URL(asked[0]?.url ?? "").search).toBe("?limit=50&event_name=queue.detected");
});

test("a camera's id cannot reach another path", async () => {
  const { api, asked } = anApi(() => new Response(null, { status: 204 }));
  await api.removeCamera("../health");
  expect(new URL(asked[0]?.url ?? "").pathname).toBe("/api/cameras/..%2Fhealth");
});
