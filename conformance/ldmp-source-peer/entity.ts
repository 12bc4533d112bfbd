import { Code } from "../../generated/ldmp/index.js";
import { sourcePeerProbes } from "../declare/ldmp-probes.js";
import { sourcePeerRules } from "../declare/ldmp-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { Dialect } from "../engine/ldmp-dialect.js";
import { NoAnswer } from "../engine/outcome.js";
import { ldmpRun } from "../ldmp/run.js";
import type { SourcePeerTest } from "./case.js";
import { equipSourcePeer } from "./case.js";
import { sourcePeerCases } from "./cases.js";
import { sourcePeerDeclaration } from "./declaration.js";

/** The source peer of X.609.8, judged by stand-in data sources. */
export const ldmpSourcePeer: EntityUnderTest<SourcePeerTest> = {
  id: "ldmp-source-peer",
  title: "LDMP source peer",
  documents: ["X.609.8", "X.609.10"],
  actor: "source-peer",
  declaration: sourcePeerDeclaration,
  rules: sourcePeerRules,
  probes: sourcePeerProbes,
  cases: sourcePeerCases,
  // Each stand-in has its own socket and identifier, and most cases wait.
  parallel: () => 128,
  equip: (t, run) => {
    const place = sourcePeerCases.findIndex(({ id }) => id === t.definition.id);
    return equipSourcePeer(t, run, place, sourcePeerCases.length);
  },
  network: (run) => ldmpRun(run).seen,
  preflight: [
    {
      what: "the address is udp://HOST:PORT or tcp://HOST:PORT and can be reached",
      hint: "give it as --url udp://HOST:PORT; LDMP has no registered port",
      check: async (t) => {
        try {
          await t.dataSource();
          return true;
        } catch (error) {
          if (!(error instanceof NoAnswer)) throw error;
          return `${error.message}: start the source peer, and check transport (udp:// or tcp://), host and port`;
        }
      },
    },
    {
      what: "the source peer answers a Registration",
      hint: "start the source peer; check transport and port, and in the declaration peer-id, registration-payload and the readings of E-LDMP-01 and E-LDMP-02",
      check: findDialect,
    },
  ],
  alive: async (t) => {
    const link = await t.dataSource();
    const answer = await link.request({ code: Code.registration, ...t.credentials });
    if (!answer.silent) await link.request({ code: Code.release }, { withinMs: 300 });
    return !answer.silent;
  },
};

/** What is declared; else the first combination of readings that gets an answer, the usual one first (E-LDMP-01, E-LDMP-02). */
async function findDialect(t: SourcePeerTest): Promise<boolean | string> {
  const { dialect } = t.ldmp;
  const types = dialect.type === undefined ? (["A", "B"] as const) : [dialect.type];
  const layouts = dialect.layout === undefined ? (["A", "B"] as const) : [dialect.layout];
  const tries: Dialect[] = layouts.flatMap((layout) =>
    types.map((sendType) => ({ ...dialect, sendType, layout: layout === "A" ? dialect.layout : layout })),
  );
  let dead: string | undefined;
  const attempt = async (one: Dialect): Promise<Dialect | undefined> => {
    const link = await t.dataSource({ dialect: one, hostile: true });
    const answer = await link.request({ code: Code.registration, ...t.credentials });
    dead ??= link.ended;
    if (answer.silent) return undefined;
    t.ldmp.peerId = link.peerId;
    await link.request({ code: Code.release }, { withinMs: 300 });
    return one;
  };
  const [usual, ...others] = tries;
  if (!usual) return false;
  const found = (await attempt(usual)) ?? (await Promise.all(others.map(attempt))).find((one) => one !== undefined);
  if (!found && dead !== undefined)
    return `nothing listens there (${dead}): start the source peer, and check transport (udp:// or tcp://), host and port`;
  if (!found) return false;
  dialect.sendType = found.sendType;
  if (dialect.layout === undefined && found.layout !== undefined) {
    dialect.layout = found.layout;
    dialect.layoutFrom =
      found.layout === "A" || found.layoutFrom.startsWith("shown") ? found.layoutFrom : "the one it answers";
  }
  return true;
}
