import { clientLanes, openClient } from "../client/client.js";
import { omsProbes } from "../declare/client-probes.js";
import { omsRules } from "../declare/client-rules.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { OmsTest } from "./case.js";
import { omsCases } from "./cases.js";
import { omsDeclaration } from "./declaration.js";
import { equipOms } from "./session.js";

/** The OMS of X.609.1 towards its PAMS (R1), judged by a stand-in PAMS. */
export const pampOms: EntityUnderTest<OmsTest> = {
  id: "pamp-oms",
  title: "PAMP OMS",
  documents: ["X.609.1", "X.609.10"],
  actor: "oms",
  declaration: omsDeclaration,
  rules: omsRules,
  probes: omsProbes,
  cases: omsCases,
  parallel: clientLanes,
  equip: equipOms,
  open: openClient,
  preflight: [
    {
      what: "an OMS calls the suite's PAMS",
      hint: "check that the product is told the suite's address ({url}, MP2P_URL, or url of the adapter's start), and when it registers",
      check: async (t) => {
        // Whatever it sends: the cases judge whether that is a registration.
        await t.create().catch((error: unknown) => {
          if (t.server.arrived.length === 0) throw error;
        });
        return true;
      },
    },
  ],
  announces: true,
  alive: async () => true,
};
