import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { set } from "../engine/refuses.js";
import type { Raw } from "../ldmp/unsound.js";
import { exchange, octetsFor, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { isRegistered } from "./registration.js";

/** A field with values that make a message void: it may be refused or ignored, and changes nothing. */
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

/** Judges twice that the message with one field changed does nothing: a Registration does not register, a Release does not release. */
async function doesNothing(t: SourcePeerTest, { field, title, requirement }: Void, value: number): Promise<void> {
  const links = new Map<number, LdmpLink>();
  const send = (message: Raw, as: { malformed: boolean }): Promise<Answer> => {
    const link = links.get(message.sourceId);
    if (!link) throw new TypeError("no link for this message");
    return exchange(t, link, message, as);
  };
  let latest: LdmpLink | undefined;
  const common = {
    requirement,
    send,
    accepted: code("2.xx"),
    delta: set(field, value),
    permitted: code("4.xx", "silence"),
  };
  // What answers it may end the connection too, over TCP: then a new one has to be served.
  const again = async (link: LdmpLink): Promise<LdmpLink> =>
    link.ended === undefined ? link : await t.dataSource({ ownId: link.ownId, hostile: true });
  await t.refuses<Raw, Answer>({
    ...common,
    what: `a Registration: ${title} (${field} = ${value})`,
    valid: async () => {
      const link = await t.dataSource({ hostile: true, peerId: (await t.registered()).peerId });
      links.set(link.ownId, link);
      latest = link;
      return sound(link, Code.registration, t.declared.value("registration-payload"));
    },
    unchanged: async () => {
      const link = await again(latest as LdmpLink);
      t.answers(await link.request({ code: Code.release }), code("4.xx"), {
        requirement,
        what: "a Release afterwards, for nothing was registered",
      });
    },
  });
  await t.refuses<Raw, Answer>({
    ...common,
    what: `a Release: ${title} (${field} = ${value})`,
    valid: async () => {
      const link = await t.registered({ hostile: true });
      links.set(link.ownId, link);
      latest = link;
      return sound(link, Code.release);
    },
    unchanged: async () => {
      const link = latest as LdmpLink;
      if (link.ended !== undefined) return t.warn(`${title} ended the connection`);
      await isRegistered(t, link, requirement, "afterwards, for nothing was released");
    },
  });
}

/** Sends octets that are no messages from a link of their own, and judges that another data source is served as before. */
async function survives(
  t: SourcePeerTest,
  requirement: RequirementId,
  what: string,
  octets: readonly Uint8Array[],
): Promise<void> {
  const bystander = await t.registered();
  for (const [index, one] of octets.entries()) {
    const link = await t.dataSource({ hostile: true, peerId: bystander.peerId });
    link.sendOctets(one, what);
    if (index % 8 === 7) await t.sleep(5);
    if (link.protocol === "tcp") await link.close();
  }
  await t.sleep(50);
  await isRegistered(t, bystander, requirement, `of another data source after ${what}`);
  const fresh = await t.dataSource();
  t.answers(await fresh.request({ code: Code.registration, ...t.credentials }), code("2.xx"), {
    requirement,
    what: `the answer to a Registration after ${what}`,
  });
  await fresh.request({ code: Code.release }, { withinMs: 300 });
}

export const robustnessCases: CaseDefinition<SourcePeerTest>[] = [
  ...voids.map((one) =>
    defineCase({
      id: `ldmp-source-peer/robustness/${one.name}`,
      title: `${one.title} are refused or ignored, and change nothing`,
      requirements: [one.requirement],
      errata: one.errata ?? [],
      group: "behaviour",
      budgetMs: 15_000,
      async run(t) {
        const { peerId } = await t.registered();
        for (const value of one.values({ peerId } as LdmpLink)) await doesNothing(t, one, value);
      },
    }),
  ),
  defineCase({
    id: "ldmp-source-peer/robustness/reserved-bits",
    title: "a request whose R is not 00 does no harm",
    requirements: ["LDMP-8.1-11"],
    errata: ["E-LDMP-27"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const answer = await exchange(t, link, { ...sound(link, Code.heartbeat), reserved: 3 }, { malformed: true });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a Heartbeat with R = 11" });
      if (!code("2.xx").test(answer))
        t.warn(`a Heartbeat with R = 11 got ${answer.outcome}, where R is usually left out of account`);
      if (link.ended === undefined) await isRegistered(t, link, "LDMP-8.1-11", "afterwards");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/robustness/truncated",
    title: "messages cut short anywhere do no harm",
    requirements: ["LDMP-6.2-09"],
    errata: ["E-LDMP-27"],
    group: "behaviour",
    budgetMs: 10_000,
    async run(t) {
      const model = await t.dataSource({ hostile: true });
      const whole = octetsFor(model, sound(model, Code.post, "21.5"));
      await survives(
        t,
        "LDMP-6.2-09",
        "messages cut short",
        Array.from(whole, (_, size) => whole.subarray(0, size)),
      );
    },
  }),
  defineCase({
    id: "ldmp-source-peer/robustness/random",
    title: "random octets do no harm",
    requirements: ["LDMP-6.2-09"],
    group: "behaviour",
    budgetMs: 10_000,
    async run(t) {
      const octets = Array.from({ length: 64 }, () => t.random.bytes(t.random.integer(1, 64)));
      // Half of them with a first octet that makes them look like messages.
      for (const one of octets.slice(32)) one[0] = 0x40 | ((one[0] ?? 0) & 0x2c);
      await survives(t, "LDMP-6.2-09", "random octets", octets);
    },
  }),
  defineCase({
    id: "ldmp-source-peer/robustness/absurd-length",
    title: "a Length of 65535 without the octets, on any request, does no harm",
    requirements: ["LDMP-6.2-09"],
    errata: ["E-LDMP-27"],
    group: "behaviour",
    budgetMs: 10_000,
    async run(t) {
      const model = await t.dataSource({ hostile: true });
      const codes = [Code.registration, Code.release, Code.heartbeat, Code.post, Code.get];
      const octets = codes.map((one) => octetsFor(model, { ...sound(model, one, "ab"), length: 0xffff }));
      await survives(t, "LDMP-6.2-09", "messages with an absurd Length", octets);
    },
  }),
  defineCase({
    id: "ldmp-source-peer/robustness/no-text",
    title: "a text payload that is no UTF-8 does no harm",
    requirements: ["LDMP-8.1-10"],
    errata: ["E-LDMP-30"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const octets = octetsFor(link, { ...sound(link, Code.post, "????"), length: 4 });
      octets.set([0xff, 0xfe, 0xc0, 0x80], octets.length - 4);
      link.sendOctets(octets, "a POST whose text is no UTF-8");
      const heard = await link.quiet(moment(t), ({ message }) => message?.type === 2, "an answer");
      if (heard.length > 0) t.warn(`a malformed POST was answered ${heard[0]?.outcome}; clause 7.4 knows no answer`);
      await isRegistered(t, link, "LDMP-8.1-10", "afterwards");
    },
  }),
];
