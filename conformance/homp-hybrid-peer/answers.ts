import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Answer } from "../client/answer.js";
import { watchPace } from "../client/pace.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import type { HybridPeerTest } from "./case.js";
import { budget, defineCase } from "./case.js";
import { joined, refreshed } from "./protocol.js";
import { MOST_PER_SECOND } from "./refresh.js";
import { CREATION, JOIN, QUERY, REFRESH, REPORT } from "./session.js";

/** What arrives in a while after a refusal; a loop without pause is a failure. */
function afterwards(t: HybridPeerTest, requirement: RequirementId, what: string): Promise<ClientRequest[]> {
  return watchPace(t, requirement, what, { perSecond: MOST_PER_SECOND, remarkedAbove: 6 });
}

const problem = (status: number, more: Partial<Answer> = {}): Answer => ({
  status,
  headers: { "content-type": "application/problem+json" },
  body: { type: "about:blank", status, title: "refused by a conformance suite" },
  ...more,
});

const refusals: readonly { readonly name: string; readonly answer: Answer; readonly errata?: readonly ErratumId[] }[] =
  [
    { name: "join-400", answer: problem(400) },
    { name: "join-401", answer: { status: 401, headers: { "www-authenticate": 'Bearer realm="conformance"' } } },
    { name: "join-403", answer: problem(403) },
    { name: "join-404", answer: { status: 404 } },
    // What deployed servers say to a peer that a closed overlay network does not admit; the body names the overlay all the same.
    { name: "join-407", answer: { status: 407, text: '"PROXY AUTHENTICATION REQUIRED"', malformed: true } },
  ];

/** A join that is refused makes no member: nothing a member does may follow. */
const refusalCases = refusals.map(({ name, answer }) =>
  defineCase({
    id: `homp-hybrid-peer/answers/${name}`,
    title: `a peer whose join is refused with ${answer.status} does not behave as a member`,
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-31", "E-HOMP-59"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      t.server.answer(JOIN, answer);
      await t.enter();
      const seen = await afterwards(t, "HOMP-6.2-03", `after ${answer.status}`);
      const acts = seen.filter(({ primitive }) => primitive === REFRESH || primitive === REPORT);
      t.equal(
        acts.map(({ outcome }) => outcome),
        [],
        { what: `refreshes and reports of a peer whose join was answered ${answer.status}`, entry: acts[0]?.entry },
      );
    },
  }),
);

const troubles: readonly { readonly name: string; readonly title: string; readonly answer: Answer }[] = [
  { name: "503", title: "503 with Retry-After", answer: problem(503, { headers: { "retry-after": "1" } }) },
  { name: "500", title: "500", answer: { status: 500 } },
  { name: "lost", title: "a connection lost before the answer", answer: { status: 200, cut: "before" } },
  {
    name: "torn",
    title: "a connection lost within the answer",
    answer: { status: 200, cut: "within", body: { overlay: { note: "torn" } } },
  },
];

/** Nothing obliges a peer to join again by itself; but it may not lose its head, and where it does go on it has to be as a member. */
const joinTroubleCases = troubles.map(({ name, title, answer }) =>
  defineCase({
    id: `homp-hybrid-peer/answers/join-${name}`,
    title: `${title} in place of the answer to its join does not make a peer lose its head`,
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-32"],
    group: "behaviour",
    budgetMs: budget(1, 3),
    async run(t) {
      t.server.answer(JOIN, answer);
      const { request, product } = await t.enter();
      const tried = await afterwards(t, "HOMP-6.2-03", `after ${title}`);
      t.server.answer(JOIN, (one) => joined(t.hon, String(one.get("peer.peer-id"))));
      const unless = (): boolean => product.ended() !== undefined;
      const again =
        tried.find(({ primitive }) => primitive === JOIN) ??
        (await t.server.next([JOIN, REFRESH], { withinMs: t.actsWithinMs, unless }));
      if (again.silent) t.warn(`after ${title} the peer did not try again`, "HOMP-6.2-03");
      else if (answer.headers?.["retry-after"] !== undefined && again.at - request.at < 950) {
        t.warn(
          `it tried again after ${Math.round(again.at - request.at)} ms, where Retry-After asked for 1 s`,
          "HOMP-6.2-03",
        );
      }
    },
  }),
);

/** One refresh that fails must not end the membership: the lifetime is still running, or a new join makes it run again. */
const refreshTroubleCases = troubles.map(({ name, title, answer }) =>
  defineCase({
    id: `homp-hybrid-peer/answers/refresh-${name}`,
    title: `${title} in place of the answer to a refresh does not end a membership`,
    requirements: ["HOMP-7.2.3-03"],
    group: "behaviour",
    budgetMs: budget(3, 3),
    async run(t) {
      t.server.answer(REFRESH, answer, { times: 1 });
      const begun = await t.enter();
      const first = await t.refresh(begun, begun.request, { what: "the first refresh" });
      const next = await t.server.next([REFRESH, JOIN], {
        // In time it is within the first lifetime; a peer that takes the refresh for done has another one.
        withinMs: 1000 * t.hon.lifetime + t.actsWithinMs,
        unless: () => begun.product.ended() !== undefined,
      });
      const end = begun.product.ended();
      t.that(
        !next.silent,
        "another refresh, or a join",
        `${next.outcome}${end === undefined ? "" : `; its process ended: ${end}`}`,
        {
          what: `what a member does after ${title}`,
          entry: next.silent ? first.entry : next.entry,
        },
      );
      const since = t.server.of(REFRESH, first.at + 1).length + t.server.of(JOIN, first.at + 1).length;
      const span = (next.at - first.at) / 1000;
      t.that(
        since <= 2 + MOST_PER_SECOND * span,
        `at most ${MOST_PER_SECOND} requests a second`,
        `${since} in ${span.toFixed(1)} s`,
        {
          what: `how often it asks after ${title}`,
        },
      );
    },
  }),
);

export const answerCases: CaseDefinition<HybridPeerTest>[] = [
  ...refusalCases,
  ...joinTroubleCases,
  ...refreshTroubleCases,
  defineCase({
    id: "homp-hybrid-peer/answers/homs-away",
    title: "a member whose HOMS fails for a while does not lose its head, and finds back",
    requirements: ["HOMP-6.2-03"],
    group: "behaviour",
    budgetMs: budget(2, 3),
    async run(t) {
      let away = false;
      const unlessAway =
        (usual: (peer: string) => Answer) =>
        (request: ClientRequest): Answer =>
          away ? { status: 500 } : usual(String(request.get("peer.peer-id")));
      t.server.answer(
        JOIN,
        unlessAway((peer) => joined(t.hon, peer)),
      );
      t.server.answer(REFRESH, (request) => {
        away ||= t.server.of(REFRESH).length <= 1;
        return unlessAway((peer) => refreshed(t.hon, peer))(request);
      });
      const begun = await t.enter();
      await t.setup("a member", () => t.refresh(begun, begun.request, { what: "the refresh of a member" }));
      await afterwards(t, "HOMP-6.2-03", "while its HOMS answers 500");
      away = false;
      const back = t.transcript.now();
      const next = await t.server.next([REFRESH, JOIN], {
        withinMs: t.actsWithinMs + 1000 * t.hon.lifetime,
        unless: () => begun.product.ended() !== undefined,
        where: ({ at }) => at >= back,
      });
      if (next.silent) t.warn("when the HOMS is back the peer does not come", "HOMP-6.2-03");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/answers/join-409",
    title: "a peer that is told that it is a member already goes on in good order",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-32", "E-HOMP-38"],
    group: "behaviour",
    budgetMs: budget(1, 3),
    async run(t) {
      t.server.answer(JOIN, problem(409), { times: 1 });
      const { product } = await t.enter();
      await afterwards(t, "HOMP-6.2-03", "after 409");
      const unless = (): boolean => product.ended() !== undefined;
      const next = await t.server.next(REFRESH, { withinMs: 1000 * t.hon.lifetime + t.actsWithinMs, unless });
      if (next.silent) t.warn("after 409 the peer does not become a member (E-HOMP-32)", "HOMP-6.2-03");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/answers/creation-refused",
    title: "a peer whose creation is refused does not repeat it all the time",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-01", "E-HOMP-31"],
    needs: ["owner"],
    group: "behaviour",
    budgetMs: budget(0),
    async run(t) {
      t.server.answer(CREATION, problem(403));
      await t.own();
      await afterwards(t, "HOMP-6.2-03", "after its creation was answered 403");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/answers/creation-503",
    title: "a peer whose creation is answered 503 with Retry-After comes again in its time, or not at all",
    requirements: ["HOMP-6.2-03"],
    errata: ["E-HOMP-63"],
    needs: ["owner"],
    group: "behaviour",
    budgetMs: budget(0, 3),
    async run(t) {
      t.server.answer(CREATION, problem(503, { headers: { "retry-after": "1" } }), { times: 1 });
      const { request } = await t.own();
      await afterwards(t, "HOMP-6.2-03", "after its creation was answered 503");
      const [again] = t.server.of(CREATION, request.at + 1);
      if (again && again.at - request.at < 950) {
        t.warn(
          `it came again after ${Math.round(again.at - request.at)} ms, where Retry-After asked for 1 s`,
          "HOMP-6.2-03",
        );
      }
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/answers/query-404",
    title: "a peer whose query is answered 404 takes it for nothing found",
    requirements: ["HOMP-6.2.2-18"],
    errata: ["E-HOMP-16"],
    needs: ["queries"],
    group: "behaviour",
    budgetMs: budget(0, 3),
    async run(t) {
      t.server.answer(QUERY, { status: 404 });
      const product = await t.start({ actions: ["query"], settings: {} });
      await t.due(QUERY, product.do("query"), { what: "the query of a peer" });
      await afterwards(t, "HOMP-6.2.2-18", "after its query was answered 404");
    },
  }),
];
