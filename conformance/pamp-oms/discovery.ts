import { NotApplicable } from "../engine/outcome.js";
import { configured, pamsUrl } from "../pamp/protocol.js";
import type { Created, OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import { sameAddress, toldAddress } from "./checks.js";
import { REG } from "./session.js";

/** What the OMS tells a joining peer; X.609.1 has no message for it, so only an adapter or a stimulus can show it (E-PAMP-48). */
async function told(t: OmsTest, created: Created, overlay?: string): Promise<string | undefined> {
  await created.act.over;
  const found = await toldAddress(t, created, overlay);
  if (!found)
    throw new NotApplicable(
      "X.609.1 has no message between OMS and peer: only the result of join-peer would show it (E-PAMP-48)",
    );
  return found.address;
}

export const discoveryCases = [
  defineCase({
    id: "pamp-oms/discovery/address",
    title: "an OMS tells a joining peer the address of the PAMS",
    requirements: ["PAMP-REQ-PREG-01"],
    errata: ["E-PAMP-22", "E-PAMP-48"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const created = await t.create({ later: ["join-peer"] });
      const address = await told(t, created, created.overlay);
      t.that(sameAddress(address, pamsUrl(t.server)), pamsUrl(t.server), address, {
        what: "the PAMS that a joining peer is told",
      });
    },
  }),
  defineCase({
    id: "pamp-oms/discovery/selected",
    title: "an OMS whose PAMS names another one tells joining peers that one",
    requirements: ["PAMP-8.2.1-06"],
    errata: ["E-PAMP-48", "E-PAMP-49"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const other = await t.another("the other PAMS");
      t.server.answer(REG, () => configured(other, { pam_enabled: true, report_interval: 10 }));
      const created = await t.create({ later: ["join-peer"] });
      const address = await told(t, created, created.overlay);
      t.that(sameAddress(address, pamsUrl(other)), pamsUrl(other), address, {
        what: "the PAMS that a joining peer is told",
      });
    },
  }),
  defineCase({
    id: "pamp-oms/discovery/each-its-own",
    title: "peers that join two overlay networks are told the PAMS of each",
    requirements: ["PAMP-8.1.1-01"],
    errata: ["E-PAMP-48"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const other = await t.another("the other PAMS");
      const wish = t.unique("overlay");
      const created = await t.create({
        later: ["create-another", "join-peer"],
        details: { "create-another": { "overlay-id": wish } },
      });
      await told(t, created, created.overlay);
      t.server.answer(REG, () => configured(other, { pam_enabled: true, report_interval: 10 }));
      const act = created.product.do("create-another");
      const second = await t.due(REG, act, { what: "the registration of a second overlay network" });
      await act.over;
      const overlay = second.get("overlay_network_information.overlay_network_id");
      for (const [id, pams] of [
        [created.overlay, t.server],
        [String(overlay), other],
      ] as const) {
        const address = await told(t, created, id);
        t.that(sameAddress(address, pamsUrl(pams)), pamsUrl(pams), address, {
          what: `the PAMS that a peer is told that joins ${id}`,
        });
      }
    },
  }),
  defineCase({
    id: "pamp-oms/discovery/disabled",
    title: "an OMS that is told that activity management is off does not point peers at the PAMS",
    requirements: ["PAMP-9.1.1-02"],
    errata: ["E-PAMP-18", "E-PAMP-48"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      t.server.answer(REG, () => configured(t.server, { pam_enabled: false, report_interval: 10 }));
      const created = await t.create({ later: ["join-peer"] });
      const address = await told(t, created, created.overlay);
      t.that(!sameAddress(address, pamsUrl(t.server)), "no PAMS, or another one", address, {
        what: "the PAMS that a joining peer is told where pam_enabled is false",
      });
    },
  }),
];
