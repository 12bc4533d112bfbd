import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { is } from "../engine/matchers.js";
import type { Begun, HybridPeerTest } from "./case.js";
import { budget, defineCase } from "./case.js";
import type { Json } from "./protocol.js";
import { MODIFICATION, REMOVAL } from "./session.js";

/** What an owner changes, and the HybridOverlayModification that comes of it. */
async function modification(
  t: HybridPeerTest,
  changes: Json,
  requirement: RequirementId | readonly RequirementId[],
  create: Json = {},
) {
  const begun = await t.own({ later: ["modify"], details: { modify: changes, create } });
  const what = "the modification that its owner asks for";
  const request = await t.due(MODIFICATION, begun.product.do("modify"), { requirement, what });
  return { ...begun, request, creation: begun.request };
}

const adminKey = ({ request }: Pick<Begun, "request">): unknown => request.get("overlay_info.auth.admin_key");

/** Removal carries its members where DELETE has no meaning for a body: elsewhere under the other reading. */
const inBody = (declared: { reading(id: "E-HOMP-11"): string }): boolean | string =>
  declared.reading("E-HOMP-11") === "A" || "DELETE carries its members elsewhere (E-HOMP-11 B)";

export const ownerCases = [
  defineCase({
    id: "homp-hybrid-peer/modification/request",
    title: "an owner changes its overlay network by PUT to /homs, with the identifiers and the admin key",
    requirements: [
      "HOMP-6.2.3-01",
      "HOMP-6.2.3-03",
      "HOMP-6.2.3-04",
      "HOMP-6.2.3-05",
      "HOMP-6.2.3-06",
      "HOMP-6.2.3-09",
      "HOMP-6.2.3-10",
      "HP2P-7.2-01",
    ],
    errata: ["E-HOMP-02", "E-HOMP-12", "E-HOMP-40"],
    needs: ["owner"],
    group: "basic",
    budgetMs: budget(0, 3),
    async run(t) {
      const { request, creation, peer } = await modification(t, { title: t.unique("renamed") }, [
        "HOMP-6.2.3-01",
        "HP2P-7.2-01",
      ]);
      const { entry } = request;
      t.match(request.body, { overlay: is.object }, { requirement: "HOMP-6.2.3-03", what: "its body", entry });
      t.equal(request.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement: "HOMP-6.2.3-04",
        what: "the overlay-id of a modification",
        entry,
      });
      t.equal(request.get("overlay.owner-id"), peer, {
        requirement: "HOMP-6.2.3-05",
        what: "the owner-id of a modification",
        entry,
      });
      t.match(request.get("overlay.auth"), is.object, {
        requirement: "HOMP-6.2.3-06",
        what: "auth of a modification",
        entry,
      });
      t.equal(request.get("overlay.auth.admin_key"), adminKey({ request: creation }), {
        requirement: "HOMP-6.2.3-09",
        what: "the admin key of a modification: that of the creation",
        entry,
      });
      t.match(
        request.get("overlay.auth"),
        { access_key: is.optional(is.string), peerlist: is.optional(is.listOf(is.string)) },
        { requirement: "HOMP-6.2.3-10", what: "access key and list of peers of a modification", entry },
      );
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/modification/attributes",
    title: "an owner can change title, description and lifetime",
    requirements: ["HOMP-6.2.3-02", "HOMP-7.1.3-01", "HOMP-6.2.3-07", "HOMP-7.1.4-07"],
    errata: ["E-HOMP-21", "E-HOMP-39"],
    needs: ["owner"],
    group: "capability",
    budgetMs: budget(0, 3),
    async run(t) {
      const changes = { title: t.unique("renamed"), description: t.unique("described"), "overlay-expires": 7_200 };
      const { request } = await modification(t, changes, "HOMP-7.1.3-01");
      const { entry } = request;
      const requirement = ["HOMP-6.2.3-02", "HOMP-7.1.3-01", "HOMP-6.2.3-07"] as const;
      for (const name of ["title", "description"] as const) {
        t.equal(request.get(`overlay.${name}`), changes[name], { requirement, what: `the new ${name}`, entry });
      }
      t.equal(request.get("overlay.expires"), changes["overlay-expires"], {
        requirement: [...requirement, "HOMP-7.1.4-07"],
        what: "the lifetime that it was told to extend to, in seconds",
        entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/modification/access",
    title: "an owner can change who may join",
    requirements: ["HOMP-6.2.3-02", "HOMP-7.1.3-01"],
    errata: ["E-HOMP-02", "E-HOMP-40"],
    needs: ["owner", "closed"],
    group: "capability",
    budgetMs: budget(0, 3),
    async run(t) {
      const requirement = ["HOMP-6.2.3-02", "HOMP-7.1.3-01"] as const;
      const [before, after] = [`old${t.random.hex(8)}`, `new${t.random.hex(8)}`];
      const changes = { "access-key": after };
      const { request } = await modification(t, changes, "HOMP-7.1.3-01", { "access-key": before });
      t.match(
        request.get("overlay.auth"),
        { type: is.optional("closed"), access_key: after },
        { requirement, what: "auth of a modification that sets a new access key", entry: request.entry },
      );
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/removal/request",
    title: "an owner removes its overlay network by DELETE to /homs, with the identifiers and the admin key",
    requirements: ["HOMP-6.2.4-01", "HOMP-6.2.4-02", "HOMP-6.2.4-03", "HOMP-6.2.4-04", "HOMP-7.1.4-01"],
    errata: ["E-HOMP-02", "E-HOMP-11", "E-HOMP-12"],
    needs: (declared) => (declared.option("owner" as never) ? inBody(declared as never) : "it is no owner"),
    group: "basic",
    budgetMs: budget(0, 3),
    async run(t) {
      const begun = await t.own({ later: ["remove"] });
      const request = await t.due(REMOVAL, begun.product.do("remove"), {
        requirement: ["HOMP-6.2.4-01", "HOMP-7.1.4-01"],
        what: "the removal that its owner asks for",
      });
      const { entry } = request;
      t.match(request.body, { overlay: is.object }, { requirement: "HOMP-6.2.4-02", what: "its body", entry });
      const requirement = "HOMP-6.2.4-03";
      t.equal(request.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement,
        what: "the overlay-id of a removal",
        entry,
      });
      t.equal(request.get("overlay.owner-id"), begun.peer, { requirement, what: "the owner-id of a removal", entry });
      t.match(request.get("overlay.auth"), is.object, { requirement, what: "auth of a removal", entry });
      t.equal(request.get("overlay.auth.admin_key"), adminKey(begun), {
        requirement: ["HOMP-6.2.4-04", "HOMP-7.1.4-01"],
        what: "the admin key of a removal: that of the creation",
        entry,
      });
      const again = await t.server.during(600);
      if (again.some(({ primitive }) => primitive === REMOVAL)) t.warn("the removal came twice", "HOMP-6.2.4-01");
    },
  }),
];
