import { afterAll, describe, expect, it } from "vitest";
import { loadSpec } from "../../model/load.js";
import { emit, openapi, removeFolders, specFolder } from "../../test/spec-folder.js";
import { covers } from "./evidence.js";
import { referenceEmitter } from "./reference.js";

afterAll(removeFolders);

const files = {
  "p/openapi.yaml": openapi(
    "    Peer: { type: object, description: 'A <peer>.', x-clause: '8', required: [id], properties: { id: { type: string, maxLength: 9, x-clause: '8.1', description: 'Its | name.', x-errata: [E-1], x-accept: { names: [ID], types: [number], erratum: E-1 } } } }",
    `  /peers:
    put:
      operationId: PUT_PEER
      summary: Put a peer
      description: Keeps a peer.
      x-clause: "9.2"
      x-requirements: [R-1, R-4]
      x-accept: { routes: ["POST /peer"], erratum: E-1 }
      requestBody: { required: true, description: The peer., x-clause: "9.2.1", content: { application/json: { schema: { $ref: '#/components/schemas/Peer' } } } }
      responses: { "200": { description: Kept., x-clause: "9.2.2" } }`,
  ),
  "requirements/x.1.yaml": `- { id: R-1, doc: X.1, clause: "9.2.2 Table 1", level: required, actor: server, statement: "It answers 200.", observable: over-the-wire, how_to_test: x, depends_on_errata: [] }
- { id: R-2, doc: X.1, clause: "9.20", level: required, actor: server, statement: "Elsewhere.", observable: over-the-wire, how_to_test: x, depends_on_errata: [] }
- { id: R-4, doc: X.2, clause: "5 a)", level: required, actor: any, statement: "Peers are put.", observable: over-the-wire, how_to_test: x, depends_on_errata: [] }
- { id: R-3, doc: X.1, clause: "9.2", level: optional, actor: any, statement: "Kept for long.", observable: internal, how_to_test: x, depends_on_errata: [] }
`,
  "errata.yaml": `- { id: E-1, doc: X.1, where: "8", impact: high, problem: "Two spellings.", readings: [a, b], recommended: { send: "id", accept: "Either." }, suite: { policy: strict, detail: x } }
`,
};

describe("a reference page", () => {
  it("shows operations, members, statements with their cases, and errata", async () => {
    const spec = await loadSpec(specFolder(files));
    const cases = [
      { id: "server/put/answers", title: "answers", requirements: ["R-1"] },
      { id: "server/put/again", title: "answers again", requirements: ["R-1", "R-9"] },
    ];
    const page = (await emit(spec, { spec: [referenceEmitter(cases)] })).get("reference/p.md")?.split("\n") ?? [];
    expect(page).toEqual(
      expect.arrayContaining([
        "| [`PUT_PEER`](#PUT_PEER) | `PUT /peers` | Put a peer | 9.2 |",
        "- Also served as `POST /peer`.",
        "Request body: [Peer](#Peer) as `application/json`. The peer. [9.2.1]",
        "| status | when | clause |",
        "| `200` | Kept. | 9.2.2 |",
        "| `R-3` | 9.2 | optional | any | Kept for long. | not observable (internal) |",
        "| `R-1` | 9.2.2 Table 1 | required | server | It answers 200. | [`server/put/again`](cases-server.md#server/put/again)<br>[`server/put/answers`](cases-server.md#server/put/answers) |",
        "What it carries of other clauses:",
        "| `R-4` | 5 a) | required | any | Peers are put. |",
        "A \\<peer\\>. [X.1 8]",
        "| `id` | string | at most 9 characters | Its \\| name. | `ID`; as number | 8.1 | E-1 |",
        "| `E-1` | high | Two spellings. | id | Either. |",
      ]),
    );
    // Not the operation's, but still on the page.
    expect(page.findIndex((line) => line.includes("`R-2`"))).toBeGreaterThan(
      page.indexOf("## Other statements of X.1"),
    );
  });

  it("lists the cases of each kind of product, with anchors that are their ids", async () => {
    const spec = await loadSpec(specFolder(files));
    const cases = [
      {
        id: "server/put/answers",
        title: "answers <so>",
        group: "basic",
        requirements: ["R-1", "R-3"],
        errata: ["E-1"],
      },
      {
        id: "server/get/again",
        title: "answers again",
        group: "behaviour",
        requirements: ["R-9"],
        needs: ["options.x"],
      },
      { id: "client/asks/once", title: "asks", requirements: ["R-3"], security: true },
    ];
    const pages = await emit(spec, { spec: [referenceEmitter(cases)] });
    expect(pages.get("reference/cases-server.md")).toContain(
      '| <a id="server/put/answers"></a>`server/put/answers`<br>answers \\<so\\> | basic | required | `R-1` [X.1 9.2.2 Table 1] It answers 200.<br>`R-3` [X.1 9.2] Kept for long. | E-1 |',
    );
    expect(pages.get("reference/cases-server.md")).toContain("| behaviour | `options.x` | `R-9` |");
    expect(pages.get("reference/cases-client.md")).toContain("security (optional)");
    expect(pages.get("reference/index.md")).toContain(
      "| [server](cases-server.md) | 2 | [put](cases-server.md#put) [get](cases-server.md#get) |",
    );
  });

  it.each([
    ["9.2", "9.2", true],
    ["9.2", "9.2.10", true],
    ["9.2", "9.2 Table 1", true],
    ["9.2", "9.20", false],
    ["9.2.1", "9.2", false],
  ])("clause %s covers %s: %s", (clause, other, expected) => {
    expect(covers(clause, other)).toBe(expected);
  });
});
