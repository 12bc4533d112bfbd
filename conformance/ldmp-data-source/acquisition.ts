import { Code } from "../../generated/ldmp/index.js";
import type { Answer, Fields } from "../engine/ldmp-message.js";
import { code } from "../engine/ldmp-message.js";
import { set } from "../engine/refuses.js";
import { swapped } from "../ldmp/every-message.js";
import { moment } from "../ldmp/waits.js";
import type { DataSourceTest, Session } from "./case.js";
import { defineCase } from "./case.js";
import { selector } from "./session.js";

const get = (t: DataSourceTest): Fields => ({ code: Code.get, ...selector(t.declared.value("get-payload")) });

/** A session that is held by several exchanges of one case. */
async function answered(t: DataSourceTest, { link }: Session, payload: string): Promise<Answer> {
  return await t.setup(`the content of ${payload === "" ? "the default item" : payload}`, async () => {
    const answer = await link.request({ code: Code.get, ...selector(payload) });
    if (!code("2.xx").test(answer)) t.inconclusive(`GET got ${answer.outcome}`);
    return answer;
  });
}

export const acquisitionCases = [
  defineCase({
    id: "ldmp-data-source/acquisition/content",
    title: "GET is answered with the data",
    requirements: ["LDMP-7.5-07", "LDMP-8.2-13", "LDMP-8.2-04", "LDMP-8.1-20"],
    errata: ["E-LDMP-06", "E-LDMP-12"],
    group: "basic",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request(get(t));
      const requirement = ["LDMP-7.5-07", "LDMP-8.2-13", "LDMP-8.2-04"] as const;
      t.answers(answer, code(Code.content, Code.ok, Code.changed), { requirement, what: "the answer to GET" });
      t.that((answer.message?.payload?.length ?? 0) > 0, "a payload: the data", "no payload", {
        requirement: [...requirement, "LDMP-8.1-20"],
        what: "the payload of the answer to GET",
        entry: answer.entry,
      });
      if (answer.message?.code !== Code.content)
        t.warn(`GET was answered ${answer.outcome}, where 2.05 Content is usual`, requirement);
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/binary",
    title: "GET of an item whose content is binary is answered with P = 10",
    requirements: ["LDMP-8.1-08"],
    errata: ["E-LDMP-09"],
    needs: (declared) => declared.value("binary-get-payload") !== "" || "binary-get-payload is not declared",
    group: "capability",
    async run(t) {
      const { link } = await t.session();
      const answer = await link.request({ code: Code.get, payload: t.declared.value("binary-get-payload") });
      t.answers(answer, code("2.xx"), { what: "the answer to GET of a binary item" });
      t.equal(answer.message?.payloadType as number | undefined, 2, {
        what: "P of the answer to GET of a binary item",
        entry: answer.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/message-id",
    title: "the answer to GET carries the Message ID of the GET, whatever it is",
    requirements: ["LDMP-7.5-04", "LDMP-8.1-13", "LDMP-8.1-15"],
    errata: ["E-LDMP-03", "E-LDMP-15", "E-LDMP-16"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      for (const messageId of [0x1234, 0xfffe, 0xffff, 0x0000, 0x0001]) {
        const answer = await link.request({ ...get(t), messageId });
        t.answers(answer, code("2.xx"), {
          requirement: "LDMP-8.1-15",
          what: "the answer to GET on either side of the wrap",
        });
        const seen = answer.message?.messageId ?? -1;
        t.that(
          seen === messageId,
          `Message ID ${messageId}, the request's`,
          `Message ID ${seen}${swapped(seen, messageId)}`,
          {
            requirement: ["LDMP-7.5-04", "LDMP-8.1-13"],
            what: "the Message ID of the answer to GET",
            entry: answer.entry,
          },
        );
      }
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/side-by-side",
    title: "GETs sent without waiting are answered each with its own Message ID",
    requirements: ["LDMP-7.5-04"],
    errata: ["E-LDMP-38"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const ids = [link.send(get(t)), link.send(get(t)), link.send({ code: Code.heartbeat })];
      const [first, second, third] = await Promise.all(
        ids.map((id) => link.answerTo(id, "a request", { withinMs: 1_000 })),
      );
      if (second?.silent || third?.silent) t.warn("not every one of three requests sent at once was answered");
      t.answers(first as Answer, code("2.xx"), { what: "the answer to the first of three requests sent at once" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/duplicated",
    title: "a GET that the network delivers twice does no harm",
    requirements: ["LDMP-8.1-13"],
    errata: ["E-LDMP-17"],
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const messageId = link.send(get(t));
      t.answers(await link.answerTo(messageId, "GET"), code("2.xx"), { what: "the answer to GET" });
      link.send({ ...get(t), messageId });
      const again = await link.answerTo(messageId, "the same GET", { withinMs: moment(t) });
      t.answers(again, code("2.xx", "4.xx", "silence"), { what: "the answer to the same GET again" });
      t.answers(await link.request(get(t)), code("2.xx"), { what: "the answer to another GET" });
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/two-items",
    title: "two data items have different contents",
    requirements: ["LDMP-6.2-02"],
    errata: ["E-LDMP-06"],
    needs: (declared) => declared.value("second-get-payload") !== "" || "one data item only is declared",
    group: "capability",
    async run(t) {
      const session = await t.session();
      const one = await answered(t, session, t.declared.value("get-payload"));
      const other = await answered(t, session, t.declared.value("second-get-payload"));
      const hex = ({ message }: Answer): string => Buffer.from(message?.payload ?? []).toString("hex");
      t.that(hex(one) !== hex(other), "two different contents", `twice ${one.outcome}`, {
        what: "the contents of two data items",
        entry: other.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/unknown-item",
    title: "GET of a data item that there is not is answered with the reason",
    requirements: ["LDMP-7.5-10", "LDMP-8.2-17"],
    errata: ["E-LDMP-06", "E-LDMP-13"],
    needs: (declared) =>
      declared.value("get-payload") !== "" || "there is one data item, and GET names none (E-LDMP-06 B)",
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const requirement = ["LDMP-7.5-10", "LDMP-8.2-17"] as const;
      await t.refuses<Fields, Answer>({
        requirement,
        what: "GET of an unknown data item",
        valid: () => get(t),
        send: (message) => link.request(message),
        accepted: code("2.xx"),
        delta: set("payload", t.declared.value("unknown-get-payload")),
        permitted: code("4.xx"),
        reason: ({ message, outcome }) => {
          if (message?.code !== Code.notFound)
            t.warn(`GET of an unknown item was answered ${outcome}, where 4.04 Not Found is usual`, requirement);
        },
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/acquisition/binary-selector",
    title: "GET with a payload of the wrong type is refused, or understood all the same",
    requirements: ["LDMP-8.2-20"],
    errata: ["E-LDMP-10", "E-LDMP-13", "E-LDMP-30"],
    needs: (declared) =>
      declared.value("get-payload") !== "" || "there is one data item, and GET names none (E-LDMP-06 B)",
    group: "behaviour",
    async run(t) {
      const session = await t.session();
      const usual = await answered(t, session, t.declared.value("get-payload"));
      const octets = new TextEncoder().encode(t.declared.value("get-payload"));
      const answer = await session.link.request({ code: Code.get, payload: octets });
      t.answers(answer, code("2.xx", "4.xx"), { what: "the answer to GET with its selector as a binary payload" });
      const has = ({ message }: Answer): boolean => (message?.payload?.length ?? 0) > 0;
      t.that(
        !code("2.xx").test(answer) || has(answer) || !has(usual),
        "the data, or a refusal",
        `${answer.outcome} without data`,
        { what: "the answer to GET with its selector as a binary payload", entry: answer.entry },
      );
      if (answer.message?.code !== Code.unsupportedContentFormat)
        t.warn(`GET with a binary selector was answered ${answer.outcome}, where 4.15 is usual`);
      t.answers(await session.link.request(get(t)), code("2.xx"), { what: "the answer to a GET as usual afterwards" });
    },
  }),
];
