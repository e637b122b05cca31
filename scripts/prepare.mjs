// Brings a fresh clone to the point where everything else can run: dependencies, the Node this project runs on, the
// built page. Runs on any Node >= 20 with nothing installed, so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

/** Content hash of files, by their path and bytes. */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex");
}

const readStamp = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");

function npm(args) {
  // npm hands its own entry file to the scripts it runs; on a bare `node scripts/prepare.mjs` it is found by name
  const entry = process.env.npm_execpath;
  const [command, first] = entry ? [process.execPath, [entry]] : ["npm", []];
  const shell = !entry && process.platform === "win32";
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ["ignore", 2, 2], shell }).status === 0;
}

function ensureDependencies() {
  const stampFile = join(modules, ".guarita-lock");
  const lock = hashOf([join(root, "package-lock.json")]);
  if (readStamp(stampFile) === lock) return;
  say("Installing what Guarita needs (once; a minute or two)...");
  // Not `npm ci`: it refuses a lock file that lacks an optional package of another platform, which is what a registry
  // mirror without those packages leaves behind. Versions are exact in package.json, and the lock file is kept as it is.
  // Dev dependencies are needed even in production: the page is built here. The only install script that is needed is
  // that of `node`, which ensureNode runs; older versions of npm would also compile what comes compiled already.
  if (
    !npm([
      "install",
      "--no-save",
      "--ignore-scripts",
      "--include=dev",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ])
  ) {
    fail("The dependencies could not be installed. Is the npm registry reachable? Run the command again.");
  }
  writeFileSync(stampFile, lock);
}

/** The Node that comes as the npm package `node`, put first on the path of every npm script. */
function ensureNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const bundled = join(modules, "node", "bin", name);
  const works = () => spawnSync(bundled, ["--version"], { stdio: "ignore" }).status === 0;
  if (works()) return bundled;
  const folder = join(modules, "node");
  spawnSync(process.execPath, ["installArchSpecificPackage.js"], { cwd: folder, stdio: ["ignore", 2, 2] });
  // links node_modules/.bin/node, which could not be done before the program was there
  npm(["rebuild", "node", "--ignore-scripts"]);
  if (!works()) fail("The Node.js that comes with Guarita could not be set up (npm package `node`).");
  return bundled;
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path).filter((name) => !name.includes(".test."));
  return entries.sort().flatMap((name) => filesBelow(join(path, name)));
}

/** Builds the page when its sources are not those of the last build. */
function ensurePage(node) {
  const sources = ["web", "public", "gateway/contract", "vite.config.ts", "package-lock.json"];
  const stampFile = join(root, "dist", "page-sources");
  const current = hashOf(sources.flatMap((path) => filesBelow(join(root, path))));
  if (readStamp(stampFile) === current) return;
  say("Building the page...");
  const vite = join(modules, "vite", "bin", "vite.js");
  const built = spawnSync(node, [vite, "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (built.status !== 0) fail("The page could not be built; the lines above say why.");
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, current);
}

ensureDependencies();
const node = ensureNode();
if (!process.argv.includes("--without-page")) ensurePage(node);
