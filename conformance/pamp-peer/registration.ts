import { configured } from "../pamp/protocol.js";
import type { Joined, PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { REG, REPORT } from "./session.js";

/** Two peers are told apart by their wishes; a product that has one identity of its own cannot show it. */
async function another(t: PeerTest, first: Joined): Promise<Joined> {
  const second = await t.join({ settings: { "peer-id": t.unique("peer") } });
  if (second.peer === first.peer && !t.declared.option("takes-identifiers"))
    t.inconclusive("the product does not take the identifier that the suite wishes (MP2P_PEER_ID), and has one only");
  return second;
}

export const registrationCases = [
  defineCase({
    id: "pamp-peer/registration/request",
    title:
      "a peer that has joined registers at the PAMS that it was told, with its own and the overlay network's identifier",
    requirements: [
      "PAMP-9.2.3-01",
      "PAMP-9.2.3-02",
      "PAMP-9.2.3-03",
      "PAMP-9.1.3-02",
      "PAMP-REQ-GEN-01",
      "PAMP-REQ-PREG-02",
      "PAMP-8.1.1-02",
      "PAMP-8.1.2.2-01",
      "PAMP-8.2.1-07",
      "DS-8.2-a-i",
    ],
    errata: ["E-PAMP-01", "E-PAMP-02", "E-PAMP-22", "E-PAMP-45", "E-PAMP-48", "E-PAMP-49"],
    group: "basic",
    async run(t) {
      const judged = {
        requirement: [
          "PAMP-9.2.3-01",
          "PAMP-9.2.3-02",
          "PAMP-REQ-GEN-01",
          "PAMP-8.1.1-02",
          "PAMP-8.1.2.2-01",
          "PAMP-8.2.1-07",
        ],
        what: "the registration",
      } as const;
      const { registration, overlay } = await t.join({ judged });
      const { entry } = registration;
      t.passed(judged);
      t.that(overlay !== "", "an overlay network ID in the path", registration.outcome, {
        requirement: ["PAMP-REQ-PREG-02", "PAMP-9.2.3-02"],
        what: "the path of the registration",
        entry,
      });
      const peer = registration.get("peer_information.peer_id");
      t.that(
        typeof peer === "string" && peer !== "",
        "peer_information with a peer_id, a non-empty string",
        registration.text,
        {
          requirement: ["PAMP-9.2.3-03", "PAMP-REQ-PREG-02", "PAMP-9.1.3-02", "DS-8.2-a-i"],
          what: "the body of the registration",
          entry,
        },
      );
      if (registration.otherPath)
        t.warn(
          `it registers by ${registration.method} ${registration.target}, not by the path of Table 5`,
          "PAMP-9.2.3-02",
        );
    },
  }),
  defineCase({
    id: "pamp-peer/registration/type",
    title: "type, where it is given, is a string: PEER, CS, RS, or a word for something else",
    requirements: ["PAMP-9.1.3-03"],
    errata: ["E-PAMP-37"],
    group: "capability",
    async run(t) {
      const { registration } = await t.join();
      const type = registration.get("peer_information.type");
      t.that(type === undefined || (typeof type === "string" && type !== ""), "a string, or nothing", type, {
        what: "type of peer_information",
        entry: registration.entry,
      });
      if (type === undefined) t.warn("the registration does not say what type of peer this is", "PAMP-9.1.3-03");
    },
  }),
  defineCase({
    id: "pamp-peer/registration/distinct",
    title: "two peers have different identifiers",
    requirements: ["PAMP-REQ-ID-01"],
    errata: ["E-PAMP-56"],
    group: "behaviour",
    needs: (_, { listen }) => listen === undefined || "one product only is there under --listen",
    budgetMs: 15_000,
    async run(t) {
      const first = await t.join();
      const second = await another(t, first);
      t.that(second.peer !== first.peer, "two different peer_id values", `twice ${first.peer}`, {
        what: "the identifiers of two peers",
        entry: second.registration.entry,
      });
    },
  }),
  defineCase({
    id: "pamp-peer/registration/unknown-members",
    title: "members of the answer that it does not know do not keep a peer from reporting",
    requirements: ["PAMP-REQ-EXT-01"],
    errata: ["E-PAMP-14"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      t.server.answer(REG, ({ params }) => {
        const { body } = configured(t.server, { report_interval: t.intervalMs / 1000, "x-load": { peers: [1, 2] } });
        return { status: 200, body: { "x-note": `for ${params.NID}`, ...(body as object), "x-list": [null, {}, "∂"] } };
      });
      await t.report(await t.join(), { what: "what follows an answer with members of a later extension" });
    },
  }),
  defineCase({
    id: "pamp-peer/registration/pams-url",
    title: "a peer whose registration names another PAMS reports to that one",
    requirements: ["PAMP-8.2.1-09"],
    errata: ["E-PAMP-22", "E-PAMP-49", "E-PAMP-50"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const other = await t.another("the other PAMS");
      t.server.answer(REG, () => configured(other, { report_interval: t.intervalMs / 1000 }));
      const joined = await t.join();
      const moved = await other.next([REPORT, REG], { withinMs: t.actsWithinMs + 1.5 * t.intervalMs });
      t.that(!moved.silent, "a report, or a registration, at the other PAMS", moved.outcome, {
        what: "where a peer goes that is told another pams_url",
        entry: moved.entry,
      });
      if (moved.primitive === REG) {
        const report = await other.next(REPORT, { withinMs: t.actsWithinMs + 1.5 * t.intervalMs });
        t.that(!report.silent, "a report at the other PAMS", report.outcome, {
          what: "where it reports",
          entry: report.entry,
        });
      }
      const stayed = t.server.of(REPORT, moved.at);
      t.equal(
        stayed.map(({ outcome }) => outcome),
        [],
        {
          what: `reports at the first PAMS after the peer ${joined.peer} had moved`,
          entry: stayed[0]?.entry,
        },
      );
    },
  }),
  defineCase({
    id: "pamp-peer/registration/bare-pams-url",
    title: "a pams_url without path is understood too",
    requirements: ["PAMP-8.2.1-09"],
    errata: ["E-PAMP-22"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, () => ({
        status: 200,
        body: { pam_conf_info: { pams_url: t.server.url, report_interval: t.intervalMs / 1000 } },
      }));
      await t.join();
      const report = await t.server.next(REPORT, { withinMs: t.actsWithinMs + 1.5 * t.intervalMs });
      if (!report.silent) t.passed({ what: "where it reports" });
      else t.warn("a pams_url without the path /pams/ was not understood (E-PAMP-22)", "PAMP-8.2.1-09");
    },
  }),
  defineCase({
    id: "pamp-peer/registration/public-key",
    title: "the registration carries the public key of the peer",
    requirements: ["PAMP-8.2.6-05"],
    errata: ["E-PAMP-51"],
    needs: (declared) =>
      declared.value("public-key-member") !== "" || "it is not declared to sign reports (public-key-member)",
    group: "capability",
    async run(t) {
      const { registration } = await t.join();
      const member = t.declared.value("public-key-member");
      const key = registration.get(`peer_information.${member}`);
      t.that(typeof key === "string" && key !== "", `a key in ${member}`, key, {
        what: "the public key in the registration",
        entry: registration.entry,
      });
    },
  }),
];
