import { messageOf } from "./kernel/errors.ts";
import { createLogger } from "./kernel/logger.ts";
import { readSettings, type Settings } from "./settings/read-settings.ts";
import type { Started } from "./start-gateway.ts";

/** A person must change something (an option, a port) before a start can succeed. */
const EXIT_WRONG_START = 2;
/** The promise is 3 s; what has not ended by then is left to the operating system. */
const STOP_LIMIT_MS = 2_800;

const reading = readSettings(process.argv.slice(2), process.env);
if (reading.kind === "print") console.log(reading.text);
else if (reading.kind === "wrong") leave(reading.message, EXIT_WRONG_START);
else await run(reading.settings);

async function run(settings: Settings): Promise<void> {
  const log = createLogger(settings.config.values["log.level"]);
  const stopping = new AbortController();
  const starting = import("./start-gateway.ts").then(({ startGateway }) =>
    startGateway(settings, log, stopping.signal),
  );
  stopOnSignal(starting, stopping);
  try {
    const gateway = await starting;
    if (gateway.status === "stopped") return;
    if (gateway.status === "refused") return leave(gateway.message, EXIT_WRONG_START);
    console.log(`Guarita is ready: ${gateway.url}`);
  } catch (error) {
    log.fatal({ err: error }, "the gateway could not start");
    leave(`Guarita could not start: ${messageOf(error)}.`, 1);
  }
}

/** The first signal ends everything in order; a second one, or too long a wait, at once. */
function stopOnSignal(starting: Promise<Started>, stopping: AbortController): void {
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) process.exit(1);
    isStopping = true;
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    const gateway = await starting.catch(() => undefined); // `run` tells why it failed
    if (gateway?.status === "running") await gateway.stop();
    process.exit(process.exitCode ?? 0);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
}

function leave(sentence: string, code: number): void {
  console.error(sentence);
  process.exitCode = code;
}
