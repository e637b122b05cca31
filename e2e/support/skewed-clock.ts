/** Loaded before a gateway (`node --import`): its wall clock shows what the file named in the environment says. */
import { readFileSync } from "node:fs";

const file = process.env.GUARITA_E2E_CLOCK ?? "";
const RealDate = Date;
let skewMs = read();

function read(): number {
  return Number(readFileSync(file, "utf8"));
}

// POSIX alone: elsewhere a clock jumps with the next start
if (process.platform !== "win32") {
  process.on("SIGUSR2", () => {
    skewMs = read();
  });
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, itself) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + skewMs] : args, itself),
  apply: () => new Date().toString(),
  get: (target, key, itself) =>
    key === "now" ? () => RealDate.now() + skewMs : Reflect.get(target, key, itself),
});
