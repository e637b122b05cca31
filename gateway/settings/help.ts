import { ruleOf, SETTING_KEYS } from "./catalogue.ts";

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

/** What --help prints. */
export const HELP = `${START}${SETTING_KEYS.map(describe).join("")}`;

function describe(key: (typeof SETTING_KEYS)[number]): string {
  const { env, byDefault, about, allowed } = ruleOf(key);
  const choices = allowed.type === "choice" ? [allowed.choices.join(", ")] : [];
  const [first = "", ...more] = [...about, ...choices];
  const line = `  ${env.padEnd(NAME_WIDTH)} ${String(byDefault ?? "").padEnd(DEFAULT_WIDTH)} ${first}`;
  const indent = " ".repeat(NAME_WIDTH + DEFAULT_WIDTH + 4);
  return [line, ...more.map((text) => indent + text)].map((text) => `${text}\n`).join("");
}
