import { ruleOf, SETTING_KEYS } from "./catalogue.ts";
import { DATABASE_URL_ABOUT } from "./database-url.ts";

const NAME_WIDTH = 33;
const DEFAULT_WIDTH = 11;

const START = `Guarita: turns this computer into a camera station.

  npm start                      starts, and prints the address to open
  npm start -- --demo            adds simulated cameras
  npm start -- --print-config    prints every setting, its value and where that comes from
  npm start -- --help            prints this

Options (after "--"):
  --demo                         adds simulated cameras; they are gone at the next start without it
  --port NUMBER                  the same as GUARITA_PORT, and goes before it
  --print-config                 prints the settings as a config.yaml, and starts nothing
  --help                         prints this text

Settings stand in config.yaml in the data folder, or in the file that GUARITA_CONFIG names; none need stand there.
Environment variables go before the file:
`;

const OF_DATABASE = `
In the environment alone, because it holds a password:
${row("DATABASE_URL", "", DATABASE_URL_ABOUT)}`;

/** What --help prints. */
export const HELP = `${START}${SETTING_KEYS.map(describe).join("")}${OF_DATABASE}`;

function describe(key: (typeof SETTING_KEYS)[number]): string {
  const { env, byDefault, about, allowed } = ruleOf(key);
  const choices = allowed.type === "choice" ? [allowed.choices.join(", ")] : [];
  return row(env, String(byDefault ?? ""), [...about, ...choices]);
}

function row(name: string, byDefault: string, [first = "", ...more]: string[]): string {
  const line = `  ${name.padEnd(NAME_WIDTH)} ${byDefault.padEnd(DEFAULT_WIDTH)} ${first}`;
  const indent = " ".repeat(NAME_WIDTH + DEFAULT_WIDTH + 4);
  return [line, ...more.map((text) => indent + text)].map((text) => `${text}\n`).join("");
}
