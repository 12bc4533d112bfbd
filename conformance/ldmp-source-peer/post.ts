import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { octetsFor, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";
import { forms } from "./deregistration.js";
import { isRegistered } from "./registration.js";

/** How long data may take from the socket to the outlet. */
const HANDED_ON_MS = 2_000;

/** Octets as an outlet may show them. */
function waysToShow(octets: Uint8Array): string[] {
  const shown = Buffer.from(octets);
  return [shown.toString("base64"), shown.toString("hex"), shown.toString("latin1")];
}

export const postCases = [
  defineCase({
    id: "ldmp-source-peer/post/unanswered",
    title: "a POST gets no answer",
    requirements: ["LDMP-7.4-03", "LDMP-6.2-11"],
    errata: ["E-LDMP-14", "E-LDMP-24", "E-LDMP-31"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const sent = [
        link.send({ code: Code.post, payload: "21.5" }),
        link.send({ code: Code.post, payload: new Uint8Array([0, 1, 254, 255]) }),
      ];
      const heard = await link.quiet(
        2 * moment(t),
        ({ message }) => sent.includes(message?.messageId ?? -1),
        "an answer to a POST",
      );
      t.that(heard.length === 0, "silence", heard[0]?.outcome ?? "silence", {
        requirement: ["LDMP-7.4-03", "LDMP-6.2-11"],
        what: "what follows a POST of a registered data source",
        entry: heard[0]?.entry,
      });
      await isRegistered(t, link, "LDMP-6.2-11", "after two POSTs");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/asking-for-answer",
    title: "a POST whose T asks for an answer does no harm",
    requirements: ["LDMP-6.2-09"],
    errata: ["E-LDMP-24"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const { type, sendType } = link.dialect;
      const asking = link.send({ code: Code.post, payload: "21.5", type: requestType(true, type ?? sendType) });
      const answer = await link.answerTo(asking, "POST", { withinMs: moment(t) });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a POST that asks for one" });
      await isRegistered(t, link, "LDMP-6.2-09", "afterwards");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/without-data",
    title: "a POST without payload, or with an empty one, does no harm",
    requirements: ["LDMP-8.1-20"],
    errata: ["E-LDMP-14", "E-LDMP-37"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      link.send({ code: Code.post });
      link.send({ code: Code.post, payload: "" });
      const heard = await link.quiet(moment(t), ({ message }) => message?.type === 2, "an answer");
      if (heard.length > 0) t.warn(`a POST without data was answered ${heard[0]?.outcome}; clause 7.4 knows no answer`);
      await isRegistered(t, link, "LDMP-8.1-20", "afterwards");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/distributed",
    title: "text that a registered data source posts is handed on",
    requirements: ["LDMP-6.1-03", "LDMP-6.3-02", "LDMP-8.2-05", "LDMP-8.1-10", "DS-8.10-02"],
    errata: ["E-DS-25", "E-LDMP-30"],
    group: "capability",
    async run(t) {
      const link = await t.registered();
      const outlet = await t.outlet(link);
      const text = t.unique("reading");
      link.send({ code: Code.post, payload: text });
      t.that(await outlet.sees(forms(text), HANDED_ON_MS), `"${text}" is handed on`, "it is not", {
        requirement: ["LDMP-6.1-03", "LDMP-6.3-02", "LDMP-8.2-05", "LDMP-8.1-10", "DS-8.10-02"],
        what: "what becomes of posted text",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/binary",
    title: "octets that a registered data source posts with P = 10 are handed on unchanged",
    requirements: ["LDMP-8.1-08"],
    errata: ["E-LDMP-09"],
    group: "capability",
    async run(t) {
      const link = await t.registered();
      const outlet = await t.outlet(link);
      const octets = t.random.bytes(48);
      link.send({ code: Code.post, payload: octets });
      t.that(
        await outlet.sees(waysToShow(octets), HANDED_ON_MS),
        "the same octets, as they are, in base64 or in hexadecimal",
        "none of these",
        {
          what: "what becomes of a binary POST",
        },
      );
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/sizes",
    title: "payloads of 1 octet, 1000 octets and the declared most are handed on unchanged",
    requirements: ["LDMP-8.1-20", "LDMP-8.1-18"],
    errata: ["E-LDMP-30", "E-LDMP-37"],
    group: "capability",
    budgetMs: 10_000,
    async run(t) {
      const link = await t.registered();
      const outlet = await t.outlet(link);
      const most = t.declared.value("max-payload");
      for (const size of [...new Set([1, 1000, most])]) {
        if (size > most) continue;
        // One octet cannot be told from others in an outlet; the one after it shows that it went through whole.
        const text = size === 1 ? "x" : t.random.hex(size);
        link.send({ code: Code.post, payload: text });
        if (size === 1) continue;
        t.that(await outlet.sees(forms(text), HANDED_ON_MS), `all ${size} octets are handed on`, "they are not", {
          requirement: ["LDMP-8.1-20", "LDMP-8.1-18"],
          what: `what becomes of a POST of ${size} octets`,
        });
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/unregistered",
    title: "what a data source posts that never registered is not distributed",
    requirements: ["LDMP-7.1-01", "DS-8.10-g"],
    errata: ["E-LDMP-23", "E-X-11"],
    group: "behaviour",
    async run(t) {
      const [known, stranger] = [await t.registered(), await t.dataSource()];
      const outlet = await t.outlet(stranger);
      const ofKnown = await t.outlet(known);
      const [text, proof] = [t.unique("stranger"), t.unique("known")];
      stranger.peerId = known.peerId;
      stranger.send({ code: Code.post, payload: text });
      await t.setup("a POST that is distributed", async () => {
        known.send({ code: Code.post, payload: proof });
        if (!(await ofKnown.sees(forms(proof), HANDED_ON_MS))) t.inconclusive("the data hook does not show it");
      });
      t.that(!(await outlet.sees(forms(text), moment(t))), "nothing is handed on", "the data were handed on", {
        requirement: ["LDMP-7.1-01", "DS-8.10-g"],
        what: "what becomes of a POST of a stranger",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/duplicated",
    title: "a POST that the network delivers twice does no harm",
    requirements: ["LDMP-8.1-13"],
    errata: ["E-LDMP-17"],
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const octets = octetsFor(link, sound(link, Code.post, t.unique("twice")));
      link.sendOctets(octets, "POST");
      link.sendOctets(octets, "the same POST again");
      await isRegistered(t, link, "LDMP-8.1-13", "after the same POST twice");
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/two-sources",
    title: "text of one data source and octets of another are both handed on",
    requirements: ["DS-8.10-a", "DS-8.10-03"],
    errata: ["E-DS-19", "E-DS-25"],
    group: "capability",
    async run(t) {
      const [one, other] = [await t.registered(), await t.registered()];
      const [ofOne, ofOther] = [await t.outlet(one), await t.outlet(other)];
      const [text, octets] = [t.unique("reading"), t.random.bytes(40)];
      one.send({ code: Code.post, payload: text });
      other.send({ code: Code.post, payload: octets });
      const requirement = t.definition.requirements;
      t.that(await ofOne.sees(forms(text), HANDED_ON_MS), `"${text}" is handed on`, "it is not", {
        requirement,
        what: "what becomes of text that the first of two data sources posts",
      });
      t.that(await ofOther.sees(waysToShow(octets), HANDED_ON_MS), "the octets are handed on", "they are not", {
        requirement,
        what: "what becomes of octets that the second of two data sources posts",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/post/attribution",
    title: "data are handed on as those of the data source that posted them",
    requirements: ["DS-8.10-d"],
    errata: ["E-DS-19", "E-DS-25"],
    needs: (declared) =>
      String(declared.value("data-hook")).includes("{source}") ||
      "the declared data-hook does not tell data sources apart",
    group: "behaviour",
    async run(t) {
      const [one, other] = [await t.registered(), await t.registered()];
      const [ofOne, ofOther] = [await t.outlet(one), await t.outlet(other)];
      const [first, second] = [t.unique("first"), t.unique("second")];
      one.send({ code: Code.post, payload: first });
      other.send({ code: Code.post, payload: second });
      const what = "the data handed on as those of each of two data sources";
      t.that(await ofOne.sees(forms(first), HANDED_ON_MS), `"${first}" as the first one's`, "it is missing", { what });
      t.that(await ofOther.sees(forms(second), HANDED_ON_MS), `"${second}" as the second one's`, "it is missing", {
        what,
      });
      const mixed = (await ofOne.sees(forms(second), moment(t))) || (await ofOther.sees(forms(first), 1));
      t.that(!mixed, "to each its own data only", "data of the other one too", { what });
    },
  }),
];
