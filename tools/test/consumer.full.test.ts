/** The package as a stranger gets it: packed, installed into an empty project, compiled, run, bundled, opened in a browser. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHompListener, type HompHandlers } from "../../generated/homp/server.js";
import { createPampListener } from "../../generated/pamp/server.js";
import { type Running, serve } from "./http/fixture.js";
import { pampHandlers } from "./http/pamp-handlers.js";
import { needs } from "./needs.js";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const fixtures = join(import.meta.dirname, "fixtures/consumer");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  exports: Record<string, unknown>;
  devDependencies: Record<string, string>;
};

let folder = "";
let tarball = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mp2p-consumer-"));
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  tarball = join(folder, filename);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], { cwd: folder });
  mkdirSync(join(folder, "src"));
  cpSync(fixtures, join(folder, "src"), { recursive: true });
});

afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

describe("the package", () => {
  test("holds what it needs, and no tools, tests or sources", async () => {
    const installed = readdirSync(join(folder, "node_modules/mp2p"), { recursive: true, encoding: "utf8" }).filter(
      (path) => !path.startsWith("node_modules"),
    );
    const needed = ["package.json", "README.md", "LICENSE", "dist/impl/cli/main.js", "CONFORMANCE.md"];
    needed.push(
      "conformance/client/ADAPTER.md",
      "conformance/workflows/conformance.yml",
      "conformance/reference/homs.yaml",
    );
    expect(needed.filter((path) => !installed.includes(path))).toEqual([]);
    expect(installed.filter((path) => /\.test\.|^dist\/tools|(?<!\.d)\.ts$|buildinfo/.test(path))).toEqual([]);
    // The defects that the suite is tried with, and the switch that seeds them, are nobody's but ours.
    const code = installed.filter((path) => /\.(m?js|json)$/.test(path));
    const seeded = code.filter((path) => {
      const text = readFileSync(join(folder, "node_modules/mp2p", path), "utf8");
      return /MP2P_DEFECT|reference-mutants/.test(path + text);
    });
    expect(seeded).toEqual([]);
  });

  test("every export resolves and loads", async () => {
    const names = Object.keys(manifest.exports)
      .filter((path) => path !== "./package.json")
      .map((path) => `${manifest.name}/${path.slice(2)}`);
    const script = `for (const name of ${JSON.stringify(names)}) {
      const loaded = Object.keys(await import(name)).length;
      if (loaded === 0) throw new Error(name + " exports nothing");
    }`;
    await run(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
  });

  test("its command runs", async () => {
    const { stdout } = await run(join(folder, "node_modules/.bin/mp2p"), ["--version"], { cwd: folder });
    expect(stdout).toContain(manifest.version);
  });

  test("its suite judges a server, and judges again, compares and draws without it, with nothing else installed", async () => {
    const mp2p = (...args: string[]) =>
      run("npx", ["--no-install", "mp2p", ...args], { cwd: folder, maxBuffer: 1 << 26 });
    const serve = ["serve", "homs", "--listen", "127.0.0.1:0", "--memory", "--json"];
    const server = spawn(join(folder, "node_modules/.bin/mp2p"), serve, {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(createInterface({ input: server.stdout }), "line");
      const { url } = JSON.parse(String(line)) as { url: string };
      const files = ["--json", "reports/homs.json", "--html", "reports/homs.html", "--bundle", "run.bundle.gz"];
      const { stdout } = await mp2p("conformance", "homs", "--url", url, "--quiet", ...files);
      expect(stdout).toMatch(/^CONFORMS: homs http/m);
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    expect((await mp2p("conformance", "judge", "run.bundle.gz", "--quiet")).stdout).toMatch(
      /All \d+ verdicts are the same/,
    );
    expect((await mp2p("conformance", "diff", "run.bundle.gz", "reports/homs.json")).stdout).toMatch(
      /homs: 0 regressions/,
    );
    await mp2p("conformance", "matrix", "reports", "--html", "matrix.html");
    await mp2p("conformance", "badge", "reports/homs.json", "--out", "badge.svg");
    expect(readFileSync(join(folder, "badge.svg"), "utf8")).toMatch(/: conforms<\/title>/);
    const report = JSON.parse(readFileSync(join(folder, "reports/homs.json"), "utf8")) as { suite: string };
    expect(report.suite).toBe(`${manifest.name} ${manifest.version}`);
  });

  test("publint finds nothing", async () => {
    const data = readFileSync(tarball);
    const archive = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: archive as ArrayBuffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("attw finds nothing wrong with the types", async () => {
    const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const problems = await run(process.execPath, [attw, tarball, "--profile", "esm-only", "--no-color"]).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    expect(problems).toBe("");
  });
});

describe("in Node", () => {
  /** Every `.d.ts` that the consumer reaches is checked too. */
  const options = {
    target: "ES2022",
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    outDir: "out",
  };

  async function compile(files: readonly string[], extra: object): Promise<string> {
    const config = join(folder, `tsconfig.${files.join("-")}.json`);
    writeFileSync(
      config,
      JSON.stringify({ compilerOptions: { ...options, ...extra }, files: files.map((file) => `src/${file}.ts`) }),
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await run(process.execPath, [tsc, "-p", config], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    return stdout;
  }

  test("a client and a server compile strictly and understand each other", async () => {
    expect(await compile(["node"], { lib: ["ES2023"], types: ["node"] })).toBe("");
    const { stdout } = await run(process.execPath, [join(folder, "out/node.js")], { cwd: folder });
    const exchange = ["10", "p1", "404"];
    expect(stdout.trim().split("\n")).toEqual([
      ...exchange,
      ...exchange,
      ...exchange,
      ...exchange,
      "0",
      "ERR_NETWORK",
      "true 1",
    ]);
  });

  test("a page's code compiles without Node's types", async () => {
    expect(await compile(["browser"], { lib: ["ES2023", "DOM", "DOM.Iterable"], types: [] })).toBe("");
  });

  test("everything else compiles against the declarations too", async () => {
    const imports = Object.keys(manifest.exports)
      .filter((path) => path !== "./package.json")
      .map((path, index) => `import * as m${index} from "${manifest.name}/${path.slice(2)}";\nvoid m${index};\n`);
    writeFileSync(join(folder, "src/all.ts"), imports.join(""));
    expect(await compile(["all"], { lib: ["ES2023", "DOM"], types: ["node"], noEmit: true })).toBe("");
  });
});

describe("in a browser", () => {
  let bundle = "";

  beforeAll(async () => {
    await build({
      root: folder,
      logLevel: "silent",
      configFile: false,
      build: {
        outDir: join(folder, "web"),
        lib: { entry: join(folder, "src/browser.ts"), formats: ["es"], fileName: "bundle" },
        target: "es2022",
      },
    });
    const [file = ""] = readdirSync(join(folder, "web"));
    bundle = readFileSync(join(folder, "web", file), "utf8");
  });

  test("the bundle asks for nothing of Node's", () => {
    expect(bundle).not.toMatch(/(import|export)\b[^;"'`]*["'](node:|fs|http|https|net|buffer|crypto)["':]/);
    expect(bundle).not.toMatch(/\bimport\s*\(|\brequire\s*\(|__vite-browser-external|browser-external/);
    expect(bundle).not.toMatch(/\beval\s*\(|new Function\b/);
  });

  test("one primitive alone makes a smaller bundle", async () => {
    writeFileSync(
      join(folder, "src/one.ts"),
      `import { createPampHttpClient, PAMP_PEER_REG } from "mp2p/pamp";\nexport { createPampHttpClient, PAMP_PEER_REG };\n`,
    );
    await build({
      root: folder,
      logLevel: "silent",
      configFile: false,
      build: {
        outDir: join(folder, "one"),
        lib: { entry: join(folder, "src/one.ts"), formats: ["es"], fileName: "one" },
      },
    });
    const [file = ""] = readdirSync(join(folder, "one"));
    const one = readFileSync(join(folder, "one", file), "utf8");
    expect(one).not.toContain("PAMP_PEER_LIST_QUERY");
    expect(one.length).toBeLessThan(bundle.length / 2);
  });

  const chromium = needs("chromium");
  describe.skipIf(!chromium)("Chromium (needs chromium)", () => {
    const running: Running[] = [];
    afterAll(() => Promise.all(running.map((server) => server.close())));

    test("a page talks PAMP and HOMP across origins, and encodes LDMP", async () => {
      const refuse = () => ({ status: 404, body: { title: "Not Found", status: 404 } });
      const ids = ["Creation", "Query", "Modification", "Removal", "Join", "Report", "Refresh", "Leave"];
      const homs = Object.fromEntries(ids.map((id) => [`HybridOverlay${id}`, refuse])) as unknown as HompHandlers;
      const pams = await serve(createServer(createPampListener(pampHandlers(), { cors: "*" })));
      const homp = await serve(createServer(createHompListener(homs, { cors: "*" })));
      let told: (report: unknown) => void = () => {};
      const report = new Promise<unknown>((resolve) => {
        told = resolve;
      });
      const page = await serve(createServer((request, response) => answerPage(bundle, request, response, told)));
      running.push(pams, homp, page);

      const url = `${page.url}/?pams=${encodeURIComponent(`${pams.url}/pams/`)}&homs=${encodeURIComponent(homp.url)}`;
      const browser = openBrowser(chromium ?? "", join(folder, "profile"), url);
      try {
        expect(await Promise.race([report, browser.gone])).toEqual({
          interval: 10,
          peers: ["a", "b"],
          rich: "ERR_GET_BODY",
          removed: 404,
          code: 2,
        });
      } finally {
        await browser.close();
      }
    });
  });
});

async function answerPage(
  bundle: string,
  request: IncomingMessage,
  response: ServerResponse,
  told: (report: unknown) => void,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  if (pathname === "/bundle.js") response.writeHead(200, { "content-type": "text/javascript" }).end(bundle);
  else if (pathname === "/report") {
    let text = "";
    for await (const chunk of request) text += chunk;
    response.end();
    told(JSON.parse(text));
  } else if (pathname === "/") {
    // No inline code, no eval: what a careful site allows.
    response.setHeader("content-security-policy", "default-src 'self'; connect-src *");
    response.writeHead(200, { "content-type": "text/html" });
    response.end('<!doctype html><title>mp2p</title><script type="module" src="/bundle.js"></script>');
  } else response.writeHead(404).end();
}

/** A browser of its own, with its own profile, that ends with the test. */
function openBrowser(program: string, profile: string, url: string): { gone: Promise<never>; close(): Promise<void> } {
  const flags = [
    ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"],
    ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ];
  const child = spawn(program, [...flags.flat(), `--user-data-dir=${profile}`, "--remote-debugging-port=0", url], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const gone = exited.then(() => {
    throw new Error(`the browser ended before the page reported:\n${complaints}`);
  });
  gone.catch(() => {});
  return {
    gone,
    async close() {
      child.kill();
      await exited;
    },
  };
}
