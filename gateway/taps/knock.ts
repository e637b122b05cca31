import { connect, type Socket } from "node:net";
import type { SetTimer } from "./clock.ts";

const EVERY_MS = 2_000;

/**
 * Opens a TCP connection to a camera every 2 s and closes it without a word, until one stands: then calls `onAnswered`
 * once. It costs a camera nothing and proves no password. Returns what ends it.
 */
export function knock(deps: {
  host: string;
  port: number;
  setTimer: SetTimer;
  onAnswered: () => void;
}): () => void {
  const { host, port, setTimer } = deps;
  let socket: Socket | undefined;
  let cancelTimer = setTimer(tryOnce, EVERY_MS);

  function tryOnce(): void {
    socket?.destroy();
    cancelTimer = setTimer(tryOnce, EVERY_MS);
    socket = connect({ host, port }, () => {
      stop();
      deps.onAnswered();
    });
    socket.on("error", () => undefined); // still nobody there
  }

  function stop(): void {
    cancelTimer();
    socket?.destroy();
  }

  return stop;
}
