import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runConformanceCli } from "../cli/main.js";
import type { RunResult } from "../engine/result.js";
import { selects } from "../engine/select.js";
import { entities } from "../entities.js";
import { homs } from "../homs/entity.js";
import type { Serving } from "./servers.js";
import { created, creationServer } from "./servers.js";

let folder: string;
let wrong: Serving;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
  wrong = await creationServer((asked) => ({
    status: 200,
    overlay: { ...created(asked), "owner-id": "it's <other> & \u0001" },
  }));
});
afterAll(async () => {
  await wrong.close();
  rmSync(folder, { recursive: true });
});

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runConformanceCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
  });
  return { code, out, err };
}

const creation = ["--only", "homs/creation/accepted,homs/creation/without-title,homs/creation/heartbeat-interval-3"];

test("a server that is not there is said once, with what to do, not once per case", async () => {
  const { code, out } = await cli("homs", "--url", "http://127.0.0.1:1", "--quiet");
  expect(code).toBe(3);
  expect(out).toMatch(/start the\s+server,\s+and\s+check\s+host,\s+port\s+and\s+scheme/);
  expect(out.split("\n").length).toBeLessThan(12);
});

describe("exit codes", () => {
  test.each<[number, string[], RegExp]>([
    [2, [], /mp2p conformance pams --url/],
    [0, ["--help"], /Exit codes/],
    [0, ["homs", "--help"], /mp2p conformance homs --url[\s\S]*short-expires/],
    [0, ["ums", "--help"], /Credentials\n {2}headers[\s\S]*admin-headers/],
    [2, ["relay", "--url", "http://127.0.0.1:1"], /relay: no such entity; there are pams, homs/],
    [2, ["homs"], /--url is missing/],
    [2, ["homs", "--url", "127.0.0.1:80"], /write http:\/\/ or https:\/\/\/\/HOST|write http:/],
    [2, ["ldmp-source-peer", "--url", "udp://127.0.0.1"], /the port is missing/],
    [2, ["ldmp-data-source", "--url", "udp://127.0.0.1:1"], /not called but calls/],
    [2, ["ldmp-data-source", "--exec", "sensor"], /write \{url\}/],
    [2, ["homs", "--url", "http://127.0.0.1:1", "--only", "homs/nothing"], /selects no case/],
    [2, ["homs", "--url", "http://127.0.0.1:1", "--timeout", "soon"], /write milliseconds/],
    [2, ["homs", "--url", "http://127.0.0.1:1", "--pics", "/nowhere"], /cannot read the declaration/],
    [2, ["homs", "--ulr", "x"], /--ulr/],
    [2, ["homs", "--url", "http://127.0.0.1:1", "--json", "package.json/x"], /cannot write the report package.json/],
    [3, ["homs", "--url", "http://127.0.0.1:1", ...creation], /INCONCLUSIVE/],
    [3, ["--json", "homs", "--url", "http://127.0.0.1:1"], /^\{\n {2}"format"/],
    [0, ["--json", "list", "homs"], /^\[\n/],
    [2, ["ldmp-data-source", "--listen", "udp://192.0.2.1:1"], /cannot listen there/],
    [2, ["diff", "package.json"], /takes two reports/],
    [2, ["diff", "package.json", "package.json"], /package\.json: no report of mp2p conformance/],
    [2, ["matrix", "conformance/schemas"], /no report in it/],
    [2, ["badge"], /takes reports/],
    [2, ["baseline", "/nowhere"], /\/nowhere/],
    [2, ["homs", "--url", "http://127.0.0.1:1", "--baseline", "package.json"], /package\.json:\n +write a list/],
    [0, ["diff", "--help"], /Exit codes?/],
    [0, ["list", "homs"], /homs\/creation\/accepted/],
    [
      0,
      ["coverage", "ldmp-source-peer", "--quiet"],
      /unclassified\n[\s\S]*judged by no case:\n {2}LDMP-6\.2-05 {2}ldmp-source-peer/,
    ],
    [
      0,
      ["coverage", "pams", "--only", "8.2.4", "--markdown"],
      /^\| PAMP-8\.2\.4-05 \| .* \| pams\/advice\/rarest \|$/m,
    ],
    [0, ["coverage", "homs", "--only", "6.2.1"], /HOMP-6\.2\.1-20[\s\S]*→ homs\/creation\/accepted/],
  ])("%i for %j", async (code, argv, text) => {
    const result = await cli(...argv);
    expect(result.out + result.err).toMatch(text);
    expect(result.code).toBe(code);
  });
});

describe("reports of a run that fails", () => {
  let code: number;
  let out: string;
  beforeAll(async () => {
    const files = ["json", "junit", "html"].flatMap((kind) => [`--${kind}`, join(folder, "new", `report.${kind}`)]);
    ({ code, out } = await cli("homs", "--url", wrong.url, ...creation, ...files, "--seed", "7"));
  });
  const file = (kind: string): string => readFileSync(join(folder, "new", `report.${kind}`), "utf8");

  test("the terminal shows clause, permitted, actual and two lines to repeat it", () => {
    expect(code).toBe(1);
    expect(out).toMatch(/clause {4}Q\.4103 6\.2\.1 Table 6-10 \(required; HOMP-6\.2\.1-22\)/);
    expect(out).toMatch(/permitted "owner-/);
    expect(out).toMatch(/actual {4}"it's <other>/);
    expect(out).toMatch(/reproduce curl /);
    expect(out).toMatch(/again {5}mp2p conformance homs --url http:\S+ --seed 7 --only homs\/creation\/accepted/);
    expect(out).not.toContain("\u001b[");
  });

  test("the JSON fits its published schema", () => {
    const schema = JSON.parse(readFileSync("conformance/schemas/report.schema.json", "utf8")) as object;
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    validate(JSON.parse(file("json")));
    expect(validate.errors).toBeNull();
  });

  test("the curl line repeats the request when pasted", () => {
    const report = JSON.parse(file("json")) as RunResult;
    const line = report.cases[0]?.failures[0]?.reproduce ?? "";
    // The shell has to run beside this process, which serves.
    expect(line).toMatch(/^curl /);
    expect(execFileSync("sh", ["-n", "-c", line]).toString()).toBe("");
  });

  test("the JUnit file is well-formed, whatever the product sent", () => {
    const text = file("junit");
    expect(text).toMatch(/<testsuite [^>]*tests="3" failures="3"/);
    expect(text).not.toContain("<other>");
    expect(text).not.toContain("\u0001");
    expect(text.match(/<testcase /g)?.length).toBe(3);
  });

  test("the HTML file is one file that needs no network, and what the product sent stays text", () => {
    const text = file("html");
    expect(text).not.toMatch(/(src|href)="?(https?:)?\/\//);
    expect(text).not.toContain("<other>");
    expect(text.match(/<details class="case /g)?.length).toBe(3);
  });
});

describe("a declaration", () => {
  test("may be YAML", async () => {
    const path = join(folder, "good.yaml");
    writeFileSync(path, 'product: Some HOMS 1.0\nvalues:\n  headers: ["authorization: Bearer secret"]\n');
    const { out } = await cli("homs", "--url", wrong.url, ...creation, "--pics", path, "--json", "-");
    expect(JSON.parse(out)).toMatchObject({ product: "Some HOMS 1.0" });
    expect(out).toMatch(/authorization: \(not shown\)/);
    expect(out).toContain('-H \\"authorization: $AUTHORIZATION\\"');
    expect(out).not.toContain("secret");
  });

  test("with mistakes is refused with all of them", async () => {
    const path = join(folder, "bad.json");
    writeFileSync(path, '{"option": {}, "values": {"headers": 1, "heads": 2}}');
    const { code, err } = await cli("homs", "--url", wrong.url, "--pics", path);
    expect(code).toBe(2);
    expect(err).toMatch(
      /option: unknown member[\s\S]*values\.headers: write a list, each entry a string such as[\s\S]*values\.heads: unknown/,
    );
  });
});

test.each([
  ["homs/creation", true],
  ["homs/crea", false],
  ["homs/*/accepted", true],
  ["HOMP-6.2.1", true],
  ["HOMP-6.2.1-20", true],
  ["HOMP-6.2", true],
  ["Q.4103 6.2.1", true],
  ["6.2.1 Table 6-10", true],
  ["6.2", true],
  ["6.2.1 Table 6-1", false],
  ["6.2.10", false],
  ["X.609.1 6.2.1", false],
])("--only %s selects the creation: %s", (selector, expected) => {
  const accepted = homs.cases.find(({ id }) => id === "homs/creation/accepted");
  expect(accepted && selects(selector, accepted)).toBe(expected);
});

test.each(Object.keys(entities))("the help names %s, and what its suite needs", async (id) => {
  expect((await cli("--help")).out).toContain(`mp2p conformance ${id} --`);
  const { code, out } = await cli(id, "--help");
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`Examples\\n {2}mp2p conformance ${id} --`));
  expect(Math.max(...out.split("\n").map(({ length }) => length))).toBeLessThan(150);
});
