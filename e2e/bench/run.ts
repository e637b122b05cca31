// npm run bench [NAME] [-- --only PART] [-- --json FILE]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Bench, createReport } from "./report.ts";
import { spine } from "./spine.bench.ts";

const BENCHES: Record<string, Bench[]> = { spine };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, only: { type: "string" }, help: { type: "boolean" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help || unknown.length > 0) {
  const parts = Object.entries(BENCHES).map(
    ([name, list]) => `  ${name}: ${list.map((b) => b.name).join(", ")}`,
  );
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(", ")}.`);
  console.log(
    ["npm run bench [NAME] [-- --only PART] [-- --json FILE]", "Benches and their parts:", ...parts].join(
      "\n",
    ),
  );
  process.exit(values.help ? 0 : 2);
}

const report = createReport((line) => console.log(line));
let failed = 0;
for (const bench of names.flatMap((name) => BENCHES[name] ?? [])) {
  if (values.only && values.only !== bench.name) continue;
  report.note(`${bench.name} ...`);
  try {
    await bench.run(report);
  } catch (error) {
    failed += 1;
    console.error(`${bench.name} failed:`, error);
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ figures: report.figures }, null, 2)}\n`);
process.exit(failed > 0 ? 1 : 0);
