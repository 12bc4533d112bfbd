import type { EntityUnderTest } from "../engine/entity.js";
import { create, creationOf } from "../oms/primitives.js";
import { accepted } from "../streaming/answers.js";
import type { ManagingOmsTest } from "./case.js";
import { managingOmsCases } from "./cases.js";
import { managingOmsDeclaration } from "./declaration.js";
import { equipManagingOms } from "./session.js";

/** The OMS of X.609.10 between its peers and PAMS, UNIS, UMS and CS, which the suite plays, by this project's profile. */
export const managingOms: EntityUnderTest<ManagingOmsTest> = {
  id: "managing-oms",
  title: "OMS with its servers",
  documents: ["X.609.10", "X.609.1"],
  actor: "oms",
  declaration: managingOmsDeclaration,
  cases: managingOmsCases,
  parallel: () => 3,
  equip: equipManagingOms,
  preflight: [
    {
      what: "an OMS starts that serves R5",
      hint: "give its command as --exec, with {url} where it takes the servers' addresses; see conformance/managing-oms/README.md",
      check: async (t) => {
        if (!t.declared.option("profile"))
          return "the suite knows the messages of spec/ only, and the declaration says that the product speaks others";
        const r5 = await t.serve();
        return accepted.test(await create(r5, creationOf(r5)));
      },
    },
  ],
  alive: async () => true,
};
