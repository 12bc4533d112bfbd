import type { DescribedValue } from "../declare/items.js";
import { describeItems } from "../declare/items.js";
import type { EntityId } from "../engine/entity.js";
import { wrap } from "../engine/report/terminal-text.js";
import { entities } from "../entities.js";
import { reachedBy } from "./target.js";

interface Advice {
  /** What the suite needs of the product and plays itself, in sentences. */
  readonly needs: string;
  /** What stands behind `mp2p conformance`. */
  readonly examples: readonly string[];
  /** A declaration, where most products need one. */
  readonly declaration?: readonly string[];
}

const played =
  "The suite plays the servers and the other peers, on this machine: the product has to reach 127.0.0.1, or the address of --listen.";

const advice: Readonly<Record<EntityId, Advice>> = {
  pams: {
    needs:
      "The address of the PAMS. The extended operations of X.609.1 8.2 are options: what the product has of them is judged once it is declared.",
    examples: [
      "pams --url http://127.0.0.1:8081",
      "pams --url https://pams.example:8443 --pics pams.yaml --only 8.2.4",
    ],
    declaration: [
      "options:",
      "  rarest-fragments: true",
      "values:",
      `  headers: ["authorization: Bearer \${PAMS_TOKEN}"]`,
    ],
  },
  homs: {
    needs: "The address of the HOMS, and its credentials where it wants some.",
    examples: ["homs --url http://127.0.0.1:8080", "homs --url http://127.0.0.1:8080 --only 6.2.1"],
  },
  "ldmp-source-peer": {
    needs:
      "The address of the source peer, UDP or TCP. Short timers, and stimuli that make it send GET, PUT and RESET, reach the cases that wait.",
    examples: ["ldmp-source-peer --url udp://127.0.0.1:6098 --pics source-peer.yaml"],
    declaration: ["values:", "  heartbeat-time: 1", "  retransmission-time: 0.3"],
  },
  "ldmp-data-source": {
    needs: "A command that starts the data source towards {url}, or a data source that connects to --listen by itself.",
    examples: ['ldmp-data-source --exec "./sensor {url}"', "ldmp-data-source --listen udp://0.0.0.0:6098"],
    declaration: ["values:", "  heartbeat-time: 1", "  retransmission-time: 0.3"],
  },
  "pamp-oms": {
    needs:
      "An OMS that is started for each case, connects by itself, or is driven by an adapter. The suite plays the PAMS.",
    examples: ['pamp-oms --adapter "python3 adapter.py"', 'pamp-oms --exec "./oms --pams {url}"'],
  },
  "pamp-peer": {
    needs:
      "A peer that is started for each case, connects by itself, or is driven by an adapter. The suite plays the PAMS.",
    examples: ['pamp-peer --exec "./peer --pams {url}"', "pamp-peer --listen http://127.0.0.1:9000"],
  },
  "homp-hybrid-peer": {
    needs:
      "A hybrid peer that is started for each case, connects by itself, or is driven by an adapter. The suite plays the HOMS.",
    examples: ['homp-hybrid-peer --exec "./peer {url}"', 'homp-hybrid-peer --adapter "python3 adapter.py"'],
  },
  "hybrid-peer": {
    needs: "The same peer with its paths to others (the wish `listen`). The suite plays the HOMS and the other peers.",
    examples: ['hybrid-peer --adapter "mp2p hybrid-peer control"'],
  },
  oms: {
    needs:
      "The address of the OMS, by the profile of spec/oms on R5. It needs no other server for it; what it says to PAMS, UNIS, UMS and CS is judged by managing-oms. An OMS that wants credentials of source peers and peers that join: declare them as headers. Lifetimes are waited for: short-refresh is the shortest that the product grants.",
    examples: ["oms --url http://127.0.0.1:8083", "oms --url http://127.0.0.1:8083 --pics oms.yaml --only oms/closed"],
    declaration: [
      "options:",
      "  session-keys: true       # peers with a key get a session key",
      "  partial-lists: true",
      "values:",
      `  headers: ["authorization: Bearer \${OMS_TOKEN}"]`,
      "  short-refresh: 2         # seconds",
    ],
  },
  ixs: {
    needs:
      "The address of the IXS, by the profile of spec/ixs on R6. An IXS that wants credentials of source peers: declare them as headers. The owner's token comes with the answer to a registration; a product that gives none and trusts everybody declares E-DS-36: B.",
    examples: ["ixs --url http://127.0.0.1:8082", "ixs --url http://127.0.0.1:8082 --pics ixs.yaml --only 8.6"],
    declaration: [
      "options:",
      "  partial-queries: true    # a query may name some of the keys only",
      "values:",
      `  headers: ["authorization: Bearer \${IXS_TOKEN}"]`,
    ],
  },
  unis: {
    needs:
      "The address of the UNIS, by the profile of spec/unis on R3 and R4. The order of peers is judged by networks that the product knows: declare an address, and then others as they come, nearest first.",
    examples: ["unis --url http://127.0.0.1:8084", "unis --url http://127.0.0.1:8084 --pics unis.yaml"],
    declaration: [
      "values:",
      "  nearest-first: [192.0.2.1, 192.0.2.9, 198.51.100.1]      # as seen from the first",
      "  from-elsewhere: [198.51.100.1, 198.51.100.9, 192.0.2.1]",
      "  preference: [low-rtt, 198.51.100.1, 192.0.2.9]           # nearest-first, by this word",
    ],
  },
  ums: {
    needs:
      "The address of the UMS, by the profile of spec/ums on R7 and R13. The suite makes its users and channels by the administrator's operations, and removes them; it asks as an OMS, and as peers by the credentials that it gave to users. Both sets of credentials have to be declared where the product wants them.",
    examples: ["ums --url http://127.0.0.1:8085 --pics ums.yaml"],
    declaration: [
      "values:",
      `  admin-headers: ["authorization: Bearer \${ADMIN_TOKEN}"]`,
      `  headers: ["authorization: Bearer \${OMS_TOKEN}"]          # the OMS's`,
    ],
  },
  cs: {
    needs:
      "The address of the CS, by the profile of spec/cs on R8 and R12. The suite plays the OMS and the PAMS of each allocation, and peers, on 127.0.0.1: run it on a machine that the product reaches there. A product that takes streams of data sources declares ingest, and where its sessions go.",
    examples: ["cs --url http://127.0.0.1:8086", "cs --url http://127.0.0.1:8086 --pics cs.yaml"],
    declaration: [
      "options:",
      "  ingest: true",
      "values:",
      `  headers: ["authorization: Bearer \${OMS_TOKEN}"]            # the OMS's`,
      `  provider-headers: ["authorization: Bearer \${PROVIDER}"]    # a data source's`,
      "  oms-url: http://127.0.0.1:8083",
      "  ixs-url: http://127.0.0.1:8082",
    ],
  },
  "managing-oms": {
    needs:
      'A command that starts the OMS with {url} as its PAMS, UNIS, UMS and cache server, all played by the suite, and that prints one line of JSON with its own address ({"url": …}); otherwise declare oms-url.',
    examples: ['managing-oms --exec "./oms --listen 0 --pams {url} --unis {url} --ums {url} --cs {url}"'],
    declaration: ["values:", "  oms-url: http://127.0.0.1:8083"],
  },
  peer: {
    needs: `A peer on R5, R6, R2, R4 and R10, driven by an adapter (conformance/client/ADAPTER.md) or started for each case. ${played}`,
    examples: ['peer --adapter "mp2p peer control"', 'peer --exec "./peer get --ixs {url}"'],
  },
  "source-peer": {
    needs: `A source peer on R5, R6 and R10, driven by an adapter (conformance/client/ADAPTER.md) or started for each case. ${played}`,
    examples: ['source-peer --adapter "mp2p peer control"'],
  },
};

const WIDTH = 130;

/** What `mp2p conformance ENTITY --help` prints: what its suite needs, and what can be declared. */
export function helpOfEntity(id: EntityId): string {
  const { title, documents, cases } = entities[id];
  const { options, readings, values } = describeItems(entities[id]);
  const { needs, examples, declaration = [] } = advice[id];
  const topics = [...new Set(cases.map((one) => one.id.split("/").slice(0, 2).join("/")))];
  const section = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", heading, ...lines];
  return `${[
    `mp2p conformance ${id} ${reachedBy(id)} [--pics FILE] [options of a run]`,
    "",
    `Judges: ${title}, ${documents.join(" and ")}; ${cases.length} cases.`,
    "",
    ...wrap(needs, WIDTH),
    ...section("Examples", [
      ...examples.map((one) => `  mp2p conformance ${one}`),
      `  mp2p conformance pics ${id} --out ${id}.yaml      everything below, with explanations, to fill in`,
    ]),
    ...section(
      "A declaration (--pics FILE; \u0024{NAME} comes from the environment)",
      declaration.map((line) => `  ${line}`),
    ),
    ...section("Credentials", itemLines(values.filter(({ kind }) => kind === "credential"))),
    ...section("Other values", itemLines(values.filter(({ kind }) => kind !== "credential"))),
    ...section(
      "Options of the product",
      options.flatMap((one) =>
        item(one.name, `${one.title} (${one.default ? "expected" : "not expected"} unless declared)`),
      ),
    ),
    ...section(
      "Readings",
      readings.flatMap(({ name, title: text, default: usual }) => item(name, `${text} (${usual} unless declared)`)),
    ),
    ...section(
      "Topics, for --only",
      wrap(topics.join("  "), WIDTH - 2).map((line) => `  ${line}`),
    ),
    "",
    "Options of a run, verdicts and exit codes: mp2p conformance --help",
  ].join("\n")}\n`;
}

function itemLines(values: readonly DescribedValue[]): string[] {
  return values.flatMap(({ name, title, unit, default: usual }) => {
    const none = usual === "" || (Array.isArray(usual) && usual.length === 0);
    const written = Array.isArray(usual) ? usual.join(", ") : String(usual);
    return item(
      name,
      `${title} (${none ? "none" : `${written}${unit === undefined ? "" : ` ${unit}`}`} unless declared)`,
    );
  });
}

const COLUMN = 28;

function item(name: string, text: string): string[] {
  const [first = "", ...more] = wrap(text, WIDTH - COLUMN);
  return [`  ${name.padEnd(COLUMN - 3)} ${first}`, ...more.map((line) => " ".repeat(COLUMN) + line)];
}
