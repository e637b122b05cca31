import { type Logger, pino } from "pino";

export type { Logger };

/** JSON lines on standard error. `error` means a person must act; what heals itself is `warn`. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

export const silentLogger = (): Logger => pino({ level: "silent" });

/** RTSP addresses with their user and password taken out, anywhere in a text. */
export function maskAddresses(text: string): string {
  return text.replace(/(rtsps?:\/\/)[^\s/?#]*@/gi, "$1***@");
}
