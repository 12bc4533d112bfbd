import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { Code, codeName } from "../../generated/ldmp/index.js";
import type { CaseDefinition } from "../engine/case.js";
import { requestType } from "../engine/ldmp-dialect.js";
import { code } from "../engine/ldmp-message.js";
import { judgeRepeats } from "../ldmp/repeats.js";
import { budgetFor, givenUpMs, sameRequest, seconds, timersFor, transmissionsOf } from "../ldmp/waits.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";

/** What GET and PUT have in common [7.5]. */
interface Kind {
  readonly operation: "get" | "put";
  readonly topic: "acquisition" | "configuration";
  readonly name: string;
  readonly success: number;
  readonly payload?: string;
  readonly can: readonly [RequirementId, RequirementId];
  readonly carries: readonly [RequirementId, ...RequirementId[]];
}

const kinds: readonly Kind[] = [
  {
    operation: "get",
    topic: "acquisition",
    name: "GET",
    success: Code.content,
    payload: "21.5",
    can: ["LDMP-7.5-02", "LDMP-8.2-04"],
    carries: ["LDMP-7.5-06"],
  },
  {
    operation: "put",
    topic: "configuration",
    name: "PUT",
    success: Code.changed,
    can: ["LDMP-7.5-01", "LDMP-8.2-06"],
    carries: ["LDMP-7.5-08"],
  },
];

const unanswered = budgetFor((timers) => givenUpMs(timers));

function casesOf({ operation, topic, name, success, payload, can, carries }: Kind): CaseDefinition<SourcePeerTest>[] {
  const answer = { code: success, ...(payload === undefined ? {} : { payload }) };
  return [
    defineCase({
      id: `ldmp-source-peer/${topic}/sends-${operation}`,
      title: `the source peer sends ${name} to the data source it is told to ask`,
      requirements: can,
      errata: ["E-LDMP-36"],
      group: "capability",
      async run(t) {
        const link = await t.registered();
        const request = await t.provoke(link, operation);
        t.answers(request, code(Code[operation]), {
          requirement: can,
          what: `what the stimulus for ${name} brings about`,
        });
        link.reply(request, answer);
      },
    }),
    defineCase({
      id: `ldmp-source-peer/${topic}/payload`,
      title: operation === "get" ? "GET states which data are wanted" : "PUT carries the configuration",
      requirements: carries,
      errata: ["E-LDMP-06"],
      group: "behaviour",
      async run(t) {
        const link = await t.registered();
        const { request } = await t.provoked(link, operation);
        const wanted = t.declared.value(`${operation}-payload`);
        t.equal(request.text ?? "", wanted, {
          requirement: carries,
          what: `the payload of ${name}`,
          entry: request.entry,
        });
        link.reply(request, answer);
      },
    }),
    defineCase({
      id: `ldmp-source-peer/${topic}/wants-answer`,
      title: `T of ${name} says that an acknowledgement is wanted`,
      requirements: ["LDMP-7.5-03"],
      errata: ["E-LDMP-01"],
      group: "behaviour",
      async run(t) {
        const link = await t.registered();
        const { request } = await t.provoked(link, operation);
        const { type: reading = "A", typeFrom } = t.ldmp.dialect;
        t.equal(request.message?.type as number, requestType(true, reading), {
          what: `T of ${name} (reading ${reading}, ${typeFrom})`,
          entry: request.entry,
        });
        link.reply(request, answer);
      },
    }),
    defineCase({
      id: `ldmp-source-peer/${topic}/repeats`,
      title: `an unanswered ${name} is repeated, a retransmission time apart and not more often than declared`,
      requirements: ["LDMP-7.5-11", "LDMP-9.2-01", "LDMP-9.2-02", "LDMP-9.3-01"],
      errata: ["E-LDMP-16", "E-LDMP-18", "E-LDMP-19", "E-LDMP-32"],
      group: "behaviour",
      budgetMs: unanswered,
      async run(t) {
        const timers = timersFor(t, givenUpMs);
        const link = await t.registered();
        const { request } = await t.provoked(link, operation);
        const sent = await transmissionsOf(t, link, request, givenUpMs(timers));
        judgeRepeats(t, sent, timers, {
          repeated: ["LDMP-7.5-11", "LDMP-9.2-02"],
          spacing: "LDMP-9.2-01",
          count: "LDMP-9.3-01",
        });
      },
    }),
    defineCase({
      id: `ldmp-source-peer/${topic}/answer-ends-repeats`,
      title: `${name} is not sent again once it is answered, well or badly`,
      requirements: ["LDMP-9.2-03"],
      group: "behaviour",
      budgetMs: budgetFor(({ retransmissionMs }) => 5 * retransmissionMs),
      async run(t) {
        const { retransmissionMs } = timersFor(t, (timers) => 5 * timers.retransmissionMs);
        const [well, badly] = [await t.registered(), await t.registered()];
        const [taken, refused] = [await t.provoked(well, operation), await t.provoked(badly, operation)];
        badly.reply(refused.request, { code: Code.notFound });
        // Answered late, but in time: after the first repeat.
        const repeat = await well.nextRequest(Code[operation], { withinMs: 1.5 * retransmissionMs + 600 });
        const since = t.transcript.now();
        well.reply(repeat.silent ? taken.request : repeat, answer);
        await t.sleep(2.2 * retransmissionMs);
        const more = [
          ...well.arrived.filter((one) => one.at > since + retransmissionMs / 3 && sameRequest(one, taken.request)),
          ...badly.arrived.filter((one) => one !== refused.request && sameRequest(one, refused.request)),
        ];
        t.that(more.length === 0, "no further transmission", `${more.length} more`, {
          what: `what follows an answered ${name}`,
          entry: more[0]?.entry,
        });
      },
    }),
    defineCase({
      id: `ldmp-source-peer/non-responsive/${operation}`,
      title: `a data source that leaves ${name} unanswered is removed after the maximum time`,
      requirements: ["LDMP-7.5-12"],
      errata: ["E-LDMP-18", "E-LDMP-23"],
      group: "behaviour",
      budgetMs: unanswered,
      async run(t) {
        const timers = timersFor(t, givenUpMs);
        const link = await t.registered({ answerHeartbeats: false });
        const { request } = await t.provoked(link, operation);
        await t.sleep(Math.max(0, request.at + givenUpMs(timers) - t.transcript.now()));
        t.answers(await link.request({ code: Code.release }), code("4.xx"), {
          what: `a Release ${seconds(givenUpMs(timers))} after an unanswered ${name}, when the data source has to be removed`,
        });
      },
    }),
  ];
}

export const operationCases: CaseDefinition<SourcePeerTest>[] = [
  ...kinds.flatMap(casesOf),
  defineCase({
    id: "ldmp-source-peer/acquisition/two-items",
    title: "GETs for two data items differ in what they ask for",
    requirements: ["LDMP-6.2-02"],
    errata: ["E-LDMP-06"],
    group: "capability",
    needs: (declared) =>
      declared.value("second-get-payload") !== declared.value("get-payload") || "only one selector is declared",
    async run(t) {
      const [one, other] = [await t.registered(), await t.registered()];
      const first = (await t.provoked(one, "get")).request;
      const second = (await t.provoked(other, "get", t.declared.value("second-get-payload"))).request;
      for (const [link, request] of [[one, first] as const, [other, second] as const])
        link.reply(request, { code: Code.content, payload: "1" });
      t.that(!sameRequest(first, second), "two different payloads", `twice ${JSON.stringify(first.text ?? "")}`, {
        what: "the payloads of GETs for two items",
        entry: second.entry,
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/acquisition/right-source",
    title: "several data sources are asked and configured independently of each other",
    requirements: ["LDMP-6.1-04", "LDMP-7.1-05", "LDMP-8.2-01"],
    group: "capability",
    async run(t) {
      const [one, other] = [await t.registered(), await t.registered()];
      const cite = {
        requirement: ["LDMP-6.1-04", "LDMP-7.1-05"] as const,
        what: "what reaches the data source that is meant",
      };
      const get = await t.provoke(one, "get");
      t.answers(get, code(Code.get), cite);
      one.reply(get, { code: Code.content, payload: "1" });
      const put = await t.provoke(other, "put");
      t.answers(put, code(Code.put), cite);
      other.reply(put, { code: Code.changed });
      const reset = await t.provoke(one, "reset");
      // It has its Code alone to say so [X.609.8 8.2].
      t.answers(reset, code(Code.reset), { ...cite, requirement: [...cite.requirement, "LDMP-8.2-01"] });
      const strays = [
        ...one.arrived.filter(({ message }) => message?.code === Code.put),
        ...other.arrived.filter(({ message }) => message?.code === Code.get || message?.code === Code.reset),
      ];
      t.equal(
        strays.map(({ outcome }) => outcome),
        [],
        {
          requirement: ["LDMP-6.1-04", "LDMP-7.1-05"],
          what: "what reaches a data source that it is not meant for",
          entry: strays[0]?.entry,
        },
      );
    },
  }),
  defineCase({
    id: "ldmp-source-peer/acquisition/attribution",
    title: "answers that come in reverse order reach the requests they belong to",
    requirements: ["LDMP-7.5-05"],
    errata: ["E-LDMP-15", "E-LDMP-38"],
    group: "behaviour",
    async run(t) {
      const [one, other] = [await t.registered(), await t.registered()];
      const first = await t.provoked(one, "get");
      const second = await t.provoked(other, "get");
      const [ofFirst, ofSecond] = [t.unique("first"), t.unique("second")];
      other.reply(second.request, { code: Code.content, payload: ofSecond });
      one.reply(first.request, { code: Code.content, payload: ofFirst });
      const outputs = await t.setup("what the stimuli give back", () =>
        Promise.all([first, second].map(async ({ done }) => (await done).output)),
      );
      const [a = "", b = ""] = outputs;
      if (![a, b].some((output) => output.includes(ofFirst) || output.includes(ofSecond)))
        t.inconclusive("the stimulus does not show what the data source answered");
      t.that(a.includes(ofFirst) && b.includes(ofSecond), "to each GET its own content", `${a} and ${b}`, {
        what: "the contents that two GETs bring back",
      });
    },
  }),
  defineCase({
    id: "ldmp-source-peer/acquisition/other-message-id",
    title: "an acknowledgement with another Message ID is not taken for the answer to GET",
    requirements: ["LDMP-7.5-05"],
    errata: ["E-LDMP-14", "E-LDMP-15", "E-LDMP-16"],
    group: "behaviour",
    budgetMs: budgetFor(({ retransmissionMs }) => 3 * retransmissionMs),
    async run(t) {
      const { retransmissionMs } = timersFor(t, (timers) => 3 * timers.retransmissionMs);
      const link = await t.registered();
      const { request, done } = await t.provoked(link, "get");
      const stray = ((request.message?.messageId ?? 0) + 0x4321) & 0xffff;
      const [wrong, right] = [t.unique("wrong"), t.unique("right")];
      link.send({ code: Code.content, messageId: stray, payload: wrong });
      const repeat = await link.nextRequest(Code.get, { withinMs: 1.5 * retransmissionMs + 600 });
      t.answers(repeat, code(Code.get), { what: "the repeat of a GET whose only answer had another Message ID" });
      link.reply(repeat, { code: Code.content, payload: right });
      const output = await t.setup("what the stimulus gives back", async () => (await done).output);
      t.that(!output.includes(wrong), "not what came with another Message ID", output, {
        what: "the content that GET brings back",
      });
    },
  }),
  ...(
    [
      [Code.notAcceptable, "LDMP-8.2-19"],
      [Code.unsupportedContentFormat, "LDMP-8.2-20"],
    ] as const
  ).map(([refusal, requirement]) =>
    defineCase({
      id: `ldmp-source-peer/configuration/refused-${codeName(refusal).slice(0, 4)}`,
      title: `a PUT that is answered ${codeName(refusal)} is over: it is not sent again`,
      requirements: [requirement],
      errata: ["E-LDMP-13"],
      group: "behaviour",
      budgetMs: budgetFor(({ retransmissionMs }) => 4 * retransmissionMs),
      async run(t) {
        const { retransmissionMs } = timersFor(t, (timers) => 4 * timers.retransmissionMs);
        const link = await t.registered();
        const { request } = await t.provoked(link, "put");
        link.reply(request, { code: refusal });
        await t.sleep(2.2 * retransmissionMs);
        const more = link.arrived.filter((one) => one !== request && sameRequest(one, request));
        t.that(more.length === 0, "no further transmission", `${more.length} more`, {
          what: `what follows a PUT answered ${codeName(refusal)}`,
          entry: more[0]?.entry,
        });
        t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
          what: "the answer to a Heartbeat afterwards",
        });
      },
    }),
  ),
  defineCase({
    id: "ldmp-source-peer/configuration/failure-shown",
    title: "whoever had a data source asked or configured learns that it refused",
    requirements: ["LDMP-7.5-13"],
    errata: ["E-LDMP-13"],
    needs: (declared) =>
      declared.value("failure-shows") !== "" || "failure-shows is not declared: what a stimulus shows of a refusal",
    group: "behaviour",
    async run(t) {
      const text = t.declared.value("failure-shows");
      for (const { operation, name, success, payload } of kinds) {
        const [well, badly] = [await t.registered(), await t.registered()];
        const [taken, refused] = [await t.provoked(well, operation), await t.provoked(badly, operation)];
        well.reply(taken.request, { code: success, ...(payload === undefined ? {} : { payload }) });
        badly.reply(refused.request, { code: Code.notFound });
        const [good, bad] = await t.setup("what the stimuli give back", () => Promise.all([taken.done, refused.done]));
        if (good.output.includes(text)) t.inconclusive(`a ${name} that worked shows ${JSON.stringify(text)} too`);
        t.that(bad.output.includes(text), `${JSON.stringify(text)}, as declared`, bad.output.slice(0, 200), {
          what: `what is shown of a ${name} answered 4.04 Not Found`,
        });
      }
    },
  }),
];
