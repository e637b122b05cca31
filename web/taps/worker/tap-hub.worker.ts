import { createTapRouter, type TapRouter } from "./tap-router.ts";

type FromPage = { type: "start"; address: string } | { type: "port"; port: MessagePort };

let router: TapRouter | null = null;

self.onmessage = ({ data }: MessageEvent<FromPage>) => {
  if (data.type === "start") router = createTapRouter({ openSocket: () => new WebSocket(data.address) });
  else addPort(data.port);
};

function addPort(port: MessagePort): void {
  router?.addPort(port);
  port.addEventListener("close", () => router?.removePort(port)); // its other end's worker is gone; not in every browser
}

self.addEventListener("online", () => router?.retryNow());
