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

/** Passwords that stand in an address as a parameter, as some makers do: `/user=admin_password=x`, `?pwd=x`. */
export function hidePasswordParameters(text: string): string {
  return text.replace(/((?:pass(?:word|wd)?|pwd)=)[^\s&/?#]+/gi, "$1***");
}

/** RTSP addresses with their user and password taken out, anywhere in a text. */
export function maskAddresses(text: string): string {
  return hidePasswordParameters(text.replace(/(rtsps?:\/\/)[^\s/?#]*@/gi, "$1***@"));
}
