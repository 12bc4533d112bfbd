import { afterwards } from "../pamp/refusals.js";
import { defineCase } from "./case.js";
import { DEREG, REG } from "./session.js";

export const overlayDeregistrationCases = [
  defineCase({
    id: "pamp-oms/overlay-deregistration/request",
    title: "an OMS that closes an overlay network deregisters it, once and without a body",
    requirements: [
      "PAMP-9.2.2-01",
      "PAMP-9.2.2-02",
      "PAMP-8.1.2.1-02",
      "PAMP-REQ-OREG-01",
      "PAMP-REQ-OREG-03",
      "PAMP-REQ-OPR-01",
      "DS-7.1.3-04",
      "DS-8.1-e-i",
    ],
    errata: ["E-PAMP-02", "E-PAMP-17", "E-PAMP-60"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const { product, overlay } = await t.create({ later: ["close-overlay"] });
      const act = product.do("close-overlay", { "overlay-id": overlay });
      const bye = await t.due(DEREG, act, {
        requirement: ["PAMP-9.2.2-01", "PAMP-8.1.2.1-02", "PAMP-REQ-OREG-03", "PAMP-REQ-OPR-01", "DS-7.1.3-04"],
        what: "what an OMS sends that closes an overlay network",
      });
      t.equal(bye.params.NID, overlay, {
        requirement: ["PAMP-9.2.2-02", "PAMP-REQ-OREG-01", "DS-8.1-e-i"],
        what: "the overlay network ID in the path of the deregistration, against that of the registration",
        entry: bye.entry,
      });
      t.equal(bye.text, "", { requirement: "PAMP-9.2.2-02", what: "the body of the deregistration", entry: bye.entry });
      await t.server.during(300);
      t.equal(t.server.of(DEREG).length, 1, { requirement: "PAMP-9.2.2-01", what: "the number of deregistrations" });
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-deregistration/one-of-two",
    title: "of two overlay networks only the one that is closed is deregistered",
    requirements: ["PAMP-REQ-OREG-03"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const wish = t.unique("overlay");
      const { product, overlay } = await t.create({
        later: ["create-another", "close-overlay"],
        details: { "create-another": { "overlay-id": wish } },
      });
      const second = product.do("create-another");
      await t.due(REG, second, { what: "the registration of a second overlay network" });
      const act = product.do("close-overlay", { "overlay-id": overlay });
      const bye = await t.due(DEREG, act, { what: "what an OMS sends that closes one of two overlay networks" });
      t.equal(bye.params.NID, overlay, { what: "which of the two is deregistered", entry: bye.entry });
      await t.server.during(400);
      t.equal(t.server.of(DEREG).length, 1, { what: "the number of deregistrations" });
    },
  }),
  ...([200, 401, 404, 204] as const).map((status) =>
    defineCase({
      id: `pamp-oms/overlay-deregistration/answered-${status}`,
      title: `an OMS whose deregistration is answered ${status} leaves it at that`,
      requirements: ["PAMP-9.2.2-06"],
      errata: status === 204 ? ["E-PAMP-44"] : [],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        const headers = status === 401 ? { headers: { "www-authenticate": 'Basic realm="conformance"' } } : {};
        t.server.answer(DEREG, { status, ...headers });
        const { product, overlay } = await t.create({ later: ["close-overlay"] });
        const act = product.do("close-overlay", { "overlay-id": overlay });
        await t.due(DEREG, act, { what: "the deregistration" });
        const seen = await afterwards(t, "PAMP-9.2.2-06", `after ${status}`);
        const strange = seen.filter(({ primitive, params }) => primitive !== DEREG && params.NID === overlay);
        t.equal(
          strange.map(({ outcome }) => outcome),
          [],
          {
            what: `requests for the overlay network after its deregistration was answered ${status}`,
            entry: strange[0]?.entry,
          },
        );
      },
    }),
  ),
];
