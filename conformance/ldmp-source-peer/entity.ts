import { Code } from "../../generated/ldmp/index.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { SourcePeerTest } from "./case.js";
import { equipSourcePeer } from "./case.js";
import { sourcePeerCases } from "./cases.js";
import { sourcePeerDeclaration } from "./declaration.js";

/** The source peer of X.609.8, judged by stand-in data sources. */
export const ldmpSourcePeer: EntityUnderTest<SourcePeerTest> = {
  id: "ldmp-source-peer",
  title: "LDMP source peer",
  documents: ["X.609.8"],
  actor: "source-peer",
  declaration: sourcePeerDeclaration,
  cases: sourcePeerCases,
  // Each stand-in has its own socket and identifier, and most cases wait.
  parallel: () => 64,
  equip: equipSourcePeer,
  preflight: [
    {
      what: "the address is udp://HOST:PORT or tcp://HOST:PORT and can be reached",
      hint: "give it as --url udp://HOST:PORT; LDMP has no registered port",
      check: async (t) => {
        await t.dataSource();
        return true;
      },
    },
    {
      what: "the source peer answers a Registration",
      hint: "start the source peer; check transport and port, and the readings of E-LDMP-01 and E-LDMP-02 in the declaration",
      check: async (t) => !(await (await t.dataSource()).request({ code: Code.registration })).silent,
    },
  ],
  alive: async (t) => {
    const link = await t.dataSource();
    const answer = await link.request({ code: Code.registration });
    if (!answer.silent) await link.request({ code: Code.release }, { withinMs: 300 });
    return !answer.silent;
  },
};
