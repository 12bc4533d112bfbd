import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Answer } from "../client/answer.js";
import { WATCHED_MS } from "../client/pace.js";
import type { CaseDefinition } from "../engine/case.js";
import { configured, pamsUrl } from "../pamp/protocol.js";
import { afterwards, comesWithCredentials, LOOP_PER_SECOND, toAuthorised } from "../pamp/refusals.js";
import type { PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { DEREG, REG, REPORT } from "./session.js";

interface Refusal {
  readonly name: string;
  readonly title: string;
  readonly answer: Answer;
  readonly requirement: RequirementId;
  readonly errata?: readonly ErratumId[];
}

const refusals: readonly Refusal[] = [
  {
    name: "registration-404",
    title: "a peer whose registration is refused with 404 does not report",
    answer: { status: 404 },
    requirement: "PAMP-9.2.3-08",
    errata: ["E-PAMP-01"],
  },
  {
    name: "registration-401",
    title: "a peer whose registration is refused with 401 does not report",
    answer: { status: 401, headers: { "www-authenticate": 'Basic realm="conformance"' } },
    requirement: "PAMP-9.2-02",
    errata: ["E-PAMP-23"],
  },
  {
    name: "registration-400",
    title: "a peer whose registration is refused with 400 does not report",
    answer: {
      status: 400,
      headers: { "content-type": "application/problem+json" },
      body: { type: "about:blank", title: "Bad Request", status: 400 },
    },
    requirement: "PAMP-9.2-02",
    errata: ["E-PAMP-67"],
  },
  {
    name: "registration-500",
    title: "a peer whose registration meets a fault of the server does not report",
    answer: { status: 500 },
    requirement: "PAMP-9.2-02",
  },
];

const refusalCases = refusals.map(({ name, title, answer, requirement, errata = [] }) =>
  defineCase({
    id: `pamp-peer/answers/${name}`,
    title,
    requirements: [requirement],
    errata,
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      t.server.answer(REG, answer);
      await t.join();
      const seen = await afterwards(t, requirement, `after ${answer.status}`);
      const reports = seen.filter(({ primitive }) => primitive === REPORT);
      t.equal(
        reports.map(({ outcome }) => outcome),
        [],
        {
          what: `reports of a peer whose registration was answered ${answer.status}`,
          entry: reports[0]?.entry,
        },
      );
    },
  }),
);

interface Trouble {
  readonly name: string;
  readonly title: string;
  readonly answer: Answer;
  readonly requirement: RequirementId;
}

const troubles: readonly Trouble[] = [
  {
    name: "unavailable",
    title: "a 503 with Retry-After",
    answer: { status: 503, headers: { "retry-after": "2" } },
    requirement: "PAMP-9.2-02",
  },
  {
    name: "lost",
    title: "a connection lost before the answer",
    answer: { status: 200, cut: "before" },
    requirement: "PAMP-9.2-01",
  },
  {
    name: "torn",
    title: "a connection lost within the answer",
    answer: { status: 200, cut: "within", body: { pam_conf_info: { report_interval: 1 } } },
    requirement: "PAMP-9.2-01",
  },
];

const registrationTroubles = troubles.map(({ name, title, answer, requirement }) =>
  defineCase({
    id: `pamp-peer/answers/registration-${name}`,
    title: `${title} does not make a registering peer lose its head`,
    requirements: [requirement],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, answer);
      const { registration, product } = await t.join();
      await afterwards(t, requirement, `after ${title}`);
      t.server.forget(REG);
      t.passed({ requirement, what: `what follows ${title}` });
      const again = await t.server.next([REG, REPORT], {
        withinMs: t.actsWithinMs,
        unless: () => product.ended() !== undefined,
      });
      if (again.silent) {
        t.warn(`after ${title} the peer neither registered again nor reported`, requirement);
      } else if (answer.status === 503 && again.primitive === REG && again.at - registration.at < 1_900) {
        t.warn(
          `it registered again after ${Math.round(again.at - registration.at)} ms, where Retry-After asked for 2 s`,
          requirement,
        );
      }
    },
  }),
);

const reportTroubles = troubles.map(({ name, title, answer }) =>
  defineCase({
    id: `pamp-peer/answers/report-${name}`,
    title: `${title} in place of the answer to a report does not end the reports`,
    requirements: ["PAMP-REQ-RPT-01"],
    group: "behaviour",
    budgetMs: (declared) =>
      10_000 + 1000 * (3 * Number(declared.value("report-interval")) + Number(declared.value("acts-within"))),
    async run(t) {
      t.server.answer(
        REPORT,
        { ...answer, ...(answer.body === undefined ? {} : { body: { note: "some octets of an answer" } }) },
        { times: 1 },
      );
      const joined = await t.join();
      await t.report(joined, { what: "the first report of a registered peer" });
      await t.report(joined, {
        what: `the reports of a peer after ${title}`,
        withinMs: 3 * t.intervalMs + 2_000,
      });
    },
  }),
);

interface Odd {
  readonly name: string;
  readonly title: string;
  readonly requirement: RequirementId;
  readonly errata?: readonly ErratumId[];
  /** Where what is odd is a reading that the product need not take. */
  readonly lenient?: true;
  answer(t: PeerTest): Answer;
}

const conf = (t: PeerTest) => ({ pams_url: pamsUrl(t.server), report_interval: t.intervalMs / 1000 });

const odds: readonly Odd[] = [
  {
    name: "chunked",
    title: "a chunked answer",
    requirement: "PAMP-9-01",
    answer: (t) => ({ ...configured(t.server, { report_interval: t.intervalMs / 1000 }), chunkOctets: 7 }),
  },
  {
    name: "pretty",
    title: "an answer with white space, escapes and members in another order",
    requirement: "PAMP-9-01",
    answer: (t) => {
      const { pams_url, report_interval } = conf(t);
      const url = pams_url.replaceAll("/", "\\/").replace("p", "\\u0070");
      return {
        status: 200,
        text: `\r\n {\n\t"pam_conf_info" :\n { "report_interval":${report_interval} ,\r\n"pams_url" : "${url}" } } \n`,
        headers: { "content-type": "application/json; charset=UTF-8", server: "odd/1.0", "x-empty": "" },
        malformed: true,
      };
    },
  },
  {
    name: "closed",
    title: "an answer after which the connection is closed",
    requirement: "PAMP-9-01",
    answer: (t) => ({ ...configured(t.server, { report_interval: t.intervalMs / 1000 }), close: true }),
  },
  {
    name: "slow",
    title: "an answer that takes more than a second",
    requirement: "PAMP-9.2-01",
    answer: (t) => ({ ...configured(t.server, { report_interval: t.intervalMs / 1000 }), delayMs: 1_200 }),
  },
  {
    name: "created",
    title: "201 in place of 200",
    requirement: "PAMP-9.2-02",
    errata: ["E-PAMP-44"],
    lenient: true,
    answer: (t) => ({ ...configured(t.server, { report_interval: t.intervalMs / 1000 }), status: 201 }),
  },
  {
    name: "pam-url",
    title: "the address under the name pam_url",
    requirement: "PAMP-9.2.3-08",
    errata: ["E-PAMP-04"],
    lenient: true,
    answer: (t) => {
      const { pams_url, report_interval } = conf(t);
      return { status: 200, body: { pam_conf_info: { pam_url: pams_url, report_interval } }, malformed: true };
    },
  },
  {
    name: "pam-conf",
    title: "the configuration under the name pam_conf",
    requirement: "PAMP-9.2.3-08",
    errata: ["E-PAMP-03"],
    lenient: true,
    answer: (t) => ({ status: 200, body: { pam_conf: conf(t) }, malformed: true }),
  },
  {
    name: "pam-enabled",
    title: "an answer that sets pam_enabled all the same",
    requirement: "PAMP-9.2.3-08",
    errata: ["E-PAMP-18"],
    lenient: true,
    answer: (t) => configured(t.server, { pam_enabled: true, report_interval: t.intervalMs / 1000 }),
  },
];

const oddCases = odds.map(({ name, title, requirement, errata = [], lenient, answer }) =>
  defineCase({
    id: `pamp-peer/answers/${name}`,
    title: `${title} registers a peer ${lenient ? "too" : "as any other"}`,
    requirements: [requirement],
    errata,
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, () => answer(t));
      const joined = await t.join();
      if (!lenient)
        return void (await t.report(joined, { what: `the report of a peer that is registered by ${title}` }));
      const report = await t.server.next(REPORT, {
        withinMs: t.actsWithinMs + t.intervalMs,
        unless: () => joined.product.ended() !== undefined,
      });
      if (report.silent) t.warn(`a peer that is registered by ${title} does not report`, requirement);
      else t.passed({ what: "whether it reports" });
    },
  }),
);

export const answerCases: CaseDefinition<PeerTest>[] = [
  ...refusalCases,
  ...registrationTroubles,
  ...reportTroubles,
  ...oddCases,
  defineCase({
    id: "pamp-peer/answers/registration-409",
    title: "a peer that is told that it is registered already goes on from there",
    requirements: ["PAMP-9.2.3-08"],
    errata: ["E-PAMP-07", "E-PAMP-64"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, { status: 409 }, { times: 1 });
      const { product } = await t.join();
      await afterwards(t, "PAMP-9.2.3-08", "after 409");
      const unless = (): boolean => product.ended() !== undefined;
      const report = await t.server.next(REPORT, { withinMs: t.actsWithinMs + t.intervalMs, unless });
      if (report.silent) t.warn("after 409 the peer does not come to report (E-PAMP-64)", "PAMP-9.2.3-08");
    },
  }),
  defineCase({
    id: "pamp-peer/answers/credentials",
    title: "a peer that has credentials repeats with them what was answered 401",
    requirements: ["PAMP-9.2-03"],
    errata: ["E-PAMP-23"],
    needs: ["has-credentials"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, toAuthorised(configured(t.server, { report_interval: t.intervalMs / 1000 })));
      const { registration } = await t.join();
      await comesWithCredentials(t, registration, REG);
    },
  }),
  defineCase({
    id: "pamp-peer/answers/report-404",
    title: "a peer that is told that it is unknown registers again or stops, in good order",
    requirements: ["PAMP-9.2.5-08"],
    errata: ["E-PAMP-43", "E-PAMP-59"],
    group: "behaviour",
    budgetMs: 25_000,
    async run(t) {
      t.server.answer(REPORT, { status: 404 });
      const joined = await t.join();
      await t.setup("a peer that reports", () => t.report(joined, { what: "the first report" }));
      const seen = await afterwards(t, "PAMP-9.2.5-08", "after 404 to its report");
      // Either way of spelling the path may be tried (E-PAMP-01), a few times.
      const registers = seen.some(({ primitive }) => primitive === REG);
      const reports = seen.filter(({ primitive }) => primitive === REPORT);
      const most = 2 + 3 * Math.ceil(WATCHED_MS / t.intervalMs);
      t.that(
        registers || reports.length <= most,
        "a new registration, or an end of the reports",
        `${reports.length} more reports`,
        {
          what: "what a peer does that is unknown",
          entry: reports.at(-1)?.entry,
        },
      );
      if (!registers) {
        const later = await t.server.next(REG, {
          withinMs: t.actsWithinMs + t.intervalMs,
          unless: () => joined.product.ended() !== undefined,
        });
        if (later.silent) t.warn("a peer that is told that it is unknown does not register again", "PAMP-9.2.5-08");
      }
    },
  }),
  defineCase({
    id: "pamp-peer/answers/report-with-body",
    title: "a body in the answer to a report does not disturb the reports",
    requirements: ["PAMP-REQ-RPT-01"],
    errata: ["E-PAMP-73"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REPORT, { status: 200, body: { "x-thanks": true }, malformed: true });
      const joined = await t.join();
      await t.report(joined, { what: "the first report" });
      await t.report(joined, { what: "the report after an answer with a body" });
    },
  }),
  defineCase({
    id: "pamp-peer/answers/no-interval",
    title: "a peer that is told no interval, or 0, reports its profile and does not report without pause",
    requirements: ["PAMP-8.1.4.1-01"],
    errata: ["E-PAMP-24"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, () => ({
        status: 200,
        body: { pam_conf_info: { pams_url: pamsUrl(t.server), report_interval: 0 } },
      }));
      const joined = await t.join();
      const first = await t.report(joined, { what: "the first report of a peer without an interval" });
      const seen = await t.server.during(WATCHED_MS);
      const rate = Math.round((seen.length * 1000) / WATCHED_MS);
      t.that(rate <= LOOP_PER_SECOND, `at most ${LOOP_PER_SECOND} reports a second`, `${rate} a second`, {
        what: "how often a peer reports whose interval is 0",
        entry: seen.at(-1)?.entry ?? first.entry,
      });
      if (t.server.of(DEREG).length > 0) t.warn("it deregistered when it was told no interval", "PAMP-8.1.4.1-01");
    },
  }),
];
