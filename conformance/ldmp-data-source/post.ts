import { Code } from "../../generated/ldmp/index.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { ofCode } from "./registration.js";

const within = (t: DataSourceTest): number => t.declared.value("posts-within") * 1000;

export const postCases = [
  defineCase({
    id: "ldmp-data-source/post/sends",
    title: "a registered data source posts its data, without asking for an answer, each once",
    requirements: [
      "LDMP-7.4-01",
      "LDMP-6.1-01",
      "LDMP-8.2-05",
      "LDMP-7.4-02",
      "LDMP-7.4-04",
      "LDMP-6.2-11",
      "DS-7.1.2-01",
    ],
    errata: ["E-LDMP-01", "E-LDMP-06", "E-LDMP-24", "E-LDMP-31", "E-LDMP-32"],
    group: "capability",
    budgetMs: (declared) => 10_000 + 2_000 * Number(declared.value("posts-within")),
    async run(t) {
      const { link } = await t.session();
      const post = await link.nextRequest(Code.post, { withinMs: within(t) });
      t.answers(post, code(Code.post), {
        requirement: ["LDMP-6.1-01", "LDMP-8.2-05", "DS-7.1.2-01"],
        what: "what a registered data source sends",
      });
      t.that((post.message?.payload?.length ?? 0) > 0, "a payload: the data", "no payload", {
        requirement: "LDMP-7.4-01",
        what: "the payload of a POST",
        entry: post.entry,
      });
      const { type: reading = "A", typeFrom } = t.ldmp.dialect;
      t.equal(post.message?.type as number, requestType(false, reading), {
        requirement: "LDMP-7.4-02",
        what: `T of a POST (reading ${reading}, ${typeFrom})`,
        entry: post.entry,
      });
      await t.sleep(1_000);
      const seen = ofCode(link, Code.post).map(({ octets }) => Buffer.from(octets).toString("hex"));
      const twice = seen.filter((one, index) => seen.indexOf(one) !== index);
      t.equal(twice.length, 0, {
        requirement: ["LDMP-7.4-04", "LDMP-6.2-11"],
        what: "how many POSTs were sent again, though nothing answers them",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/post/periodic",
    title: "a data source goes on posting",
    requirements: ["LDMP-7.4-05"],
    group: "capability",
    budgetMs: (declared) => 8_000 + 3_000 * Number(declared.value("posts-within")),
    async run(t) {
      const { link } = await t.session();
      await t.setup("a first POST", async () => {
        if ((await link.nextRequest(Code.post, { withinMs: within(t) })).silent) t.inconclusive("no POST came");
      });
      t.answers(await link.nextRequest(Code.post, { withinMs: within(t) }), code(Code.post), {
        what: `what comes within ${within(t) / 1000} s of a POST`,
      });
    },
  }),
];
