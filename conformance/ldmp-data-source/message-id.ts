import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code } from "../../generated/ldmp/index.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import { code, isReply } from "../engine/ldmp-message.js";
import { defineCase } from "./case.js";

const STARTS = 5;

/** New messages of the data source's on one link, up to where it may have begun to count anew: a repeat has the same octets. */
function counted(link: LdmpLink): Answer[] {
  const requests = link.arrived.filter((one) => one.message !== undefined && !isReply(one));
  const begin = requests.findIndex(({ message }) => message?.code === Code.registration);
  const restart = requests.findIndex(({ message }, index) => index > begin && message?.code === Code.registration);
  const span = requests.slice(Math.max(0, begin), restart < 0 ? undefined : restart);
  const octets = span.map((one) => Buffer.from(one.octets).toString("hex"));
  return span.filter((_, index) => octets.indexOf(octets[index] ?? "") === index);
}

/** Counted on over the wrap: each as near to the first as it can be. */
function forwards(ids: readonly number[]): number[] {
  const [first = 0] = ids;
  return ids.map((id) => ((id - first + 0x8000) & 0xffff) - 0x8000);
}

const stepsOf = (ids: readonly number[]): number[] => ids.slice(1).map((id, index) => id - (ids[index] ?? 0));

export const messageIdCases = [
  defineCase({
    id: "ldmp-data-source/message-id/random-start",
    title: "the first Message ID is another one at each start",
    requirements: ["LDMP-8.1-14"],
    errata: ["E-LDMP-16"],
    needs: (_, { exec }) => exec !== undefined || "the suite cannot restart a product that it did not start",
    group: "behaviour",
    alone: true,
    budgetMs: 30_000,
    async run(t) {
      const seen = new Map<LdmpLink, number>();
      for (const { link, answer } of t.ldmp.heard) {
        const { message } = answer;
        if (message?.code === Code.registration && !seen.has(link)) seen.set(link, message.messageId);
      }
      while (seen.size < STARTS) {
        const { link, registration } = await t.session();
        seen.set(link, registration.message?.messageId ?? 0);
      }
      const ids = [...seen.values()];
      const distinct = new Set(ids).size;
      t.that(
        distinct >= Math.min(ids.length, STARTS) - 1,
        `${STARTS - 1} different values among ${STARTS} starts, at least`,
        ids.join(", "),
        {
          what: `the first Message IDs of ${ids.length} starts`,
        },
      );
      const steps = new Set(ids.slice(1).map((id, index) => (id - (ids[index] ?? 0)) & 0xffff));
      if (ids.length >= STARTS && steps.size === 1)
        t.warn("the first Message IDs follow a rule; they are to be random");
    },
  }),
  defineCase({
    id: "ldmp-data-source/message-id/grows",
    title: "the Message ID of a data source's messages grows, by one as a rule, and none is used twice",
    requirements: ["LDMP-8.1-15", "LDMP-8.1-13"],
    errata: ["E-LDMP-16"],
    group: "behaviour",
    alone: true,
    budgetMs: 30_000,
    async run(t) {
      const links = (): LdmpLink[] => [...new Set(t.ldmp.heard.map(({ link }) => link))];
      let spans = links()
        .map(counted)
        .filter(({ length }) => length > 1);
      if (spans.length === 0) {
        const { link } = await t.session();
        for (let n = 0; n < 3; n++)
          await link.nextRequest(Code.post, { withinMs: t.declared.value("posts-within") * 1000 });
        spans = [counted(link)].filter(({ length }) => length > 1);
      }
      if (spans.length === 0) t.inconclusive("the data source sent no two messages of its own in one session");
      let uneven: string | undefined;
      const overDatagrams = t.declared.value("transport") === "udp";
      let behind = 0;
      let pairs = 0;
      for (const span of spans) {
        const ids = span.map(({ message }) => message?.messageId ?? 0);
        const shown = span.map(({ outcome }) => outcome).join("; ");
        t.equal(new Set(ids).size, ids.length, {
          requirement: "LDMP-8.1-13",
          what: `how many Message IDs ${ids.length} messages have (${shown})`,
        });
        const came = forwards(ids);
        const sent = [...came].sort((a, b) => a - b);
        const backwards = stepsOf(came).filter((step) => step < 0).length;
        behind += backwards;
        pairs += came.length - 1;
        // Over datagrams the network may have changed the order, but not of most of them.
        const ordered = backwards === 0 || (overDatagrams && behind <= pairs / 2);
        t.that(ordered && stepsOf(sent).every((step) => step <= 64), "small positive steps, modulo 65536", shown, {
          requirement: "LDMP-8.1-15",
          what: "the Message IDs of messages one after another",
        });
        if (stepsOf(came).some((step) => step !== 1)) uneven = ids.join(", ");
      }
      if (behind > 0) t.warn(`${behind} of ${pairs} messages came behind later ones: the network changed their order`);
      else if (uneven !== undefined)
        t.warn(`Message IDs one after another are ${uneven}; clause 8.1 has them grow by 1`);
    },
  }),
  defineCase({
    id: "ldmp-data-source/message-id/echoed",
    title: "the answer to a Heartbeat carries the Message ID of the Heartbeat",
    requirements: ["LDMP-7.3-05"] satisfies RequirementId[],
    errata: ["E-LDMP-15"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request({ code: Code.heartbeat, messageId: 0x1234 });
      t.answers(answer, code("2.xx"), { what: "the answer to a Heartbeat" });
      if (answer.message?.messageId !== 0x1234 && t.declared.reading("E-LDMP-15") === "B") {
        t.warn("the answer to a Heartbeat has a Message ID of its own (reading B of E-LDMP-15, declared)");
        return;
      }
      t.equal(answer.message?.messageId, 0x1234, {
        what: "the Message ID of the answer to a Heartbeat",
        entry: answer.entry,
      });
    },
  }),
];
