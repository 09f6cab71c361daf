// Builds what the pages load into src/handsel/site/shell/static/built: files named by their
// content, and a manifest that says which name means which file. Refuses to grow past its budget.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/handsel/site/shell/static/built");
const work = mkdtempSync(join(tmpdir(), "handsel-build-"));
const BUDGET_BYTES = 150_000; // style and script that every page loads; islands are apart
const EVERY_PAGE = ["app.css", "app.js"];
const ISLANDS = ["cells", "configurator", "kanban", "linegrid", "modeltext", "quotegrid"];

function buildStyle(name) {
  const target = join(work, name);
  const cli = join(here, "node_modules/@tailwindcss/cli/dist/index.mjs");
  const ran = spawnSync(process.execPath, [cli, "-i", `src/${name}`, "-o", target, "--minify"], {
    cwd: here,
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`${name} does not build:\n${ran.stderr}`);
  return readFileSync(target);
}

async function buildScripts() {
  await build({
    absWorkingDir: here,
    entryPoints: ["src/app.ts", ...ISLANDS.map((name) => `src/${name}.ts`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    outdir: work,
    logLevel: "warning",
  });
  return ["app", ...ISLANDS].map((name) => [`${name}.js`, readFileSync(join(work, `${name}.js`))]);
}

function buildIcons() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const file = join(here, "node_modules/lucide-static/icons", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`icons.json names ${name}, which the icon set does not have`);
    const body = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
    const inside = body.replace(/\s*\n\s*/g, "");
    return (
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
      `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`
    );
  });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

function write(files) {
  mkdirSync(out, { recursive: true });
  const manifest = {};
  for (const [name, bytes] of files) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    manifest[name] = `${name.slice(0, -extname(name).length)}-${hash}${extname(name)}`;
    writeFileSync(join(out, manifest[name]), bytes);
  }
  // The manifest goes last and old files after it, so that a running server never points nowhere.
  writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const wanted = new Set([...Object.values(manifest), "manifest.json"]);
  for (const file of readdirSync(out)) if (!wanted.has(file)) rmSync(join(out, file));
}

try {
  const files = [
    ["app.css", buildStyle("app.css")],
    ["print.css", buildStyle("print.css")],
    ...(await buildScripts()),
    ["icons.svg", buildIcons()],
    ["icons.json", readFileSync(join(here, "icons.json"))],
    ["mark.svg", readFileSync(join(here, "src/mark.svg"))],
  ];
  const sizes = new Map(files.map(([name, bytes]) => [name, bytes.length]));
  for (const [name, size] of sizes) console.log(`${name.padEnd(14)} ${String(size).padStart(8)} bytes`);
  const total = EVERY_PAGE.reduce((sum, name) => sum + sizes.get(name), 0);
  console.log(`${"every page".padEnd(14)} ${String(total).padStart(8)} bytes of ${BUDGET_BYTES}`);
  if (total > BUDGET_BYTES) throw new Error(`style and script weigh ${total} bytes; the budget is ${BUDGET_BYTES}`);
  write(files);
} finally {
  rmSync(work, { recursive: true, force: true });
}
