import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { accuracy } from "./accuracy.bench.ts";
import { faults } from "./faults.bench.ts";
import { ingest } from "./ingest.bench.ts";
import { live } from "./live.bench.ts";
import { type Bench, createReport, InputError } from "./report.ts";
import { spine } from "./spine.bench.ts";
import { vision } from "./vision.bench.ts";

const BENCHES: Record<string, Bench[]> = { spine, live, vision, accuracy, ingest, faults };

const USAGE = `npm run bench [NAME] [-- OPTIONS]
  --only PART   one part of it
  --rounds N    how often what is noisy is repeated (5); rounds of faults (300)
  --seed N      plans the faults (by the clock); the same one plans the same again
  --minutes N   how long what creeps is watched (10)
  --plates DIR  own pictures of plates: beside them labels.csv with the columns file,text (no text: no plate)
  --boxes DIR   own pictures of people and vehicles: images/*.jpg, labels/*.txt in YOLO form, COCO's class numbers
                (0 person, 2 car, 3 motorcycle, 5 bus, 7 truck)
  --json FILE   writes the figures there, too`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    minutes: { type: "string", default: "10" },
    plates: { type: "string" },
    boxes: { type: "string" },
    help: { type: "boolean" },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
const chosen = names
  .flatMap((name) => BENCHES[name] ?? [])
  .filter(({ name }) => values.only === undefined || values.only === name);
if (values.help || unknown.length > 0 || chosen.length === 0) {
  const parts = Object.entries(BENCHES).map(
    ([name, list]) => `  ${name}: ${list.map((b) => b.name).join(", ")}`,
  );
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(", ")}.`);
  else if (chosen.length === 0) console.error(`There is no part ${values.only} in ${names.join(", ")}.`);
  console.log([USAGE, "Benches and their parts:", ...parts].join("\n"));
  process.exit(values.help ? 0 : 2);
}

const options = {
  rounds: above0("rounds", values.rounds ?? "5"),
  faultRounds: above0("rounds", values.rounds ?? "300"),
  seed: above0("seed", values.seed),
  minutes: above0("minutes", values.minutes),
  plates: values.plates,
  boxes: values.boxes,
};
const report = createReport((line) => console.log(line));
let failed = 0;
for (const bench of chosen) {
  report.note(`${bench.name} ...`);
  try {
    await bench.run(report, options);
  } catch (error) {
    failed += 1;
    console.error(`${bench.name} failed:`, error instanceof InputError ? error.message : error);
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ figures: report.figures }, null, 2)}\n`);
if (report.failures.length > 0) console.error(`Failed: ${[...new Set(report.failures)].join(", ")}`);
process.exit(failed > 0 || report.failures.length > 0 ? 1 : 0);

function above0(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  console.error(`--${name} must be a number above 0, not ${text}`);
  process.exit(2);
}
