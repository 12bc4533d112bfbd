import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { set } from "../engine/refuses.js";
import type { Raw } from "../ldmp/unsound.js";
import { exchange, octetsFor, sound } from "../ldmp/unsound.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { ofCode } from "./registration.js";

interface Void {
  readonly name: string;
  readonly title: string;
  readonly field: keyof Raw;
  readonly values: (link: LdmpLink) => readonly number[];
  readonly requirement: RequirementId;
  readonly errata: CaseDefinition["errata"];
}

const voids: readonly Void[] = [
  {
    name: "other-versions",
    title: "messages of other versions",
    field: "version",
    values: () => [0, 2, 3],
    requirement: "LDMP-8.1-02",
    errata: ["E-LDMP-27"],
  },
  {
    name: "reserved-type",
    title: "messages with the reserved T",
    field: "type",
    values: () => [3],
    requirement: "LDMP-8.1-06",
    errata: ["E-LDMP-27"],
  },
  {
    name: "reserved-payload-type",
    title: "messages with the reserved P",
    field: "payloadType",
    values: () => [1],
    requirement: "LDMP-8.1-09",
    errata: ["E-LDMP-09", "E-LDMP-27"],
  },
  {
    name: "other-destination",
    title: "messages for another Destination ID",
    field: "destinationId",
    values: (link) => [link.peerId ^ 0x5555],
    requirement: "LDMP-8.1-17",
    errata: ["E-LDMP-28"],
  },
];

const served = async (t: DataSourceTest, link: LdmpLink, requirement: RequirementId, after: string): Promise<void> =>
  t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
    requirement,
    what: `the answer to a Heartbeat after ${after}`,
  });

export const robustnessCases: CaseDefinition<DataSourceTest>[] = [
  ...voids.map(({ name, title, field, values, requirement, errata = [] }) =>
    defineCase({
      id: `ldmp-data-source/robustness/${name}`,
      title: `${title} are refused or ignored, and change nothing: RESET of that kind resets nothing`,
      requirements: [requirement],
      errata,
      group: "behaviour",
      budgetMs: 12_000,
      // Over a stream, octets that cannot be read may end the connection; nothing follows from that.
      needs: (declared) =>
        declared.value("transport") === "udp" ||
        field === "destinationId" ||
        "over TCP such a message may end the connection",
      async run(t) {
        const { link } = await t.session({ hostile: true });
        for (const value of values(link)) {
          await t.refuses<Raw, Answer>({
            requirement,
            what: `a Heartbeat: ${title} (${field} = ${value})`,
            valid: () => sound(link, Code.heartbeat),
            send: (message, as) => exchange(t, link, message, as),
            accepted: code("2.xx"),
            delta: set(field, value),
            permitted: code("4.xx", "silence"),
          });
          const before = ofCode(link, Code.registration).length;
          await exchange(t, link, { ...sound(link, Code.reset), [field]: value }, { malformed: true });
          t.equal(ofCode(link, Code.registration).length, before, {
            what: `the number of Registrations after RESET: ${title} (${field} = ${value})`,
          });
        }
        await served(t, link, requirement, title);
      },
    }),
  ),
  defineCase({
    id: "ldmp-data-source/robustness/reserved-bits",
    title: "a request whose R is not 00 does no harm",
    requirements: ["LDMP-8.1-11"],
    errata: ["E-LDMP-27"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session({ hostile: true });
      const answer = await exchange(t, link, { ...sound(link, Code.heartbeat), reserved: 3 }, { malformed: true });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a Heartbeat with R = 11" });
      if (!code("2.xx").test(answer))
        t.warn(`a Heartbeat with R = 11 got ${answer.outcome}, where R is usually left out of account`);
      await served(t, link, "LDMP-8.1-11", "one with R = 11");
    },
  }),
  defineCase({
    id: "ldmp-data-source/robustness/unreadable",
    title: "messages cut short, random octets and absurd Lengths do no harm",
    requirements: ["LDMP-6.2-09"],
    errata: ["E-LDMP-27"],
    group: "behaviour",
    needs: (declared) => declared.value("transport") === "udp" || "over TCP such octets may end the connection",
    budgetMs: 12_000,
    async run(t) {
      const { link } = await t.session({ hostile: true });
      const whole = octetsFor(link, sound(link, Code.get, "temperature"));
      const cut = Array.from(whole, (_, size) => whole.subarray(0, size));
      const random = Array.from({ length: 64 }, () => t.random.bytes(t.random.integer(1, 64)));
      for (const one of random.slice(32)) one[0] = 0x40 | ((one[0] ?? 0) & 0x2c);
      const absurd = [Code.get, Code.put, Code.heartbeat, Code.reset].map((one) =>
        octetsFor(link, { ...sound(link, one, "ab"), length: 0xffff }),
      );
      for (const [what, octets] of Object.entries({
        "messages cut short": cut,
        "random octets": random,
        "absurd Lengths": absurd,
      })) {
        for (const [index, one] of octets.entries()) {
          link.sendOctets(one, what);
          if (index % 16 === 15) await t.sleep(5);
        }
        await served(t, link, "LDMP-6.2-09", what);
      }
      const posted = await link.request({ code: Code.heartbeat });
      t.answers(posted, code("2.xx"), { what: "the answer to a Heartbeat at the end" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/robustness/unasked-acknowledgements",
    title: "acknowledgements that answer nothing, with listed and unlisted Codes, are ignored",
    requirements: ["LDMP-8.2-21", "LDMP-6.2-09"],
    errata: ["E-LDMP-11", "E-LDMP-14"],
    group: "behaviour",
    budgetMs: 12_000,
    async run(t) {
      const { link } = await t.session({ hostile: true });
      const answers = await Promise.all(
        [Code.ok, Code.content, Code.badRequest, 0x41, 0x5f, 0x9f, 0xa0].map((one) =>
          exchange(t, link, { ...sound(link, one), type: 2 }, { malformed: true }),
        ),
      );
      const replies = answers.filter(({ silent }) => !silent);
      if (replies.length > 0) t.warn(`an acknowledgement nobody asked for was answered ${replies[0]?.outcome}`);
      t.that(!replies.some(code("2.xx").test), "nothing of class 2", replies[0]?.outcome ?? "", {
        requirement: "LDMP-8.2-21",
        what: "what follows acknowledgements that answer nothing",
      });
      await served(t, link, "LDMP-6.2-09", "acknowledgements that answer nothing");
    },
  }),
];
