import { WATCHED_MS } from "../client/pace.js";
import { NotApplicable } from "../engine/outcome.js";
import { configured, pamsUrl } from "../pamp/protocol.js";
import { afterwards, comesWithCredentials, toAuthorised } from "../pamp/refusals.js";
import { defineCase } from "./case.js";
import { sameAddress, toldAddress, worksOn } from "./checks.js";
import { DEREG, REG } from "./session.js";

const ELEMENT = "overlay_network_information";

export const overlayRegistrationCases = [
  defineCase({
    id: "pamp-oms/overlay-registration/request",
    title: "an OMS registers a new overlay network at its PAMS, with its identifier",
    requirements: [
      "PAMP-9.2.1-01",
      "PAMP-9.2.1-02",
      "PAMP-9.2.1-03",
      "PAMP-9.1.2-01",
      "PAMP-9.1.2-02",
      "PAMP-REQ-GEN-01",
      "PAMP-REQ-OREG-01",
      "PAMP-8.1.2.1-01",
      "PAMP-8.2.1-01",
      "PAMP-6-06",
      "DS-7.1.1-06",
      "DS-8.1-a-i",
    ],
    errata: ["E-PAMP-02", "E-PAMP-21", "E-PAMP-45", "E-PAMP-49", "E-PAMP-56"],
    group: "basic",
    async run(t) {
      const judged = {
        requirement: [
          "PAMP-9.2.1-01",
          "PAMP-9.2.1-02",
          "PAMP-REQ-GEN-01",
          "PAMP-8.1.2.1-01",
          "PAMP-8.2.1-01",
          "PAMP-6-06",
          "DS-7.1.1-06",
        ],
        what: "the registration of an overlay network",
      } as const;
      const { registration } = await t.create({ judged });
      const { entry } = registration;
      t.passed(judged);
      const overlay = registration.get(`${ELEMENT}.overlay_network_id`);
      t.that(
        typeof overlay === "string" && overlay !== "",
        `${ELEMENT} with an overlay_network_id, a non-empty string`,
        registration.text,
        {
          requirement: ["PAMP-9.2.1-03", "PAMP-9.1.2-01", "PAMP-9.1.2-02", "PAMP-REQ-OREG-01", "DS-8.1-a-i"],
          what: "the body of the registration",
          entry,
        },
      );
      await t.server.during(300);
      const times = t.server.of(REG).filter((one) => one.get(`${ELEMENT}.overlay_network_id`) === overlay).length;
      t.equal(times, 1, { requirement: "PAMP-9.2.1-01", what: "how often a new overlay network is registered" });
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-registration/content-type",
    title: "the registration says what kind of content is shared",
    requirements: ["PAMP-REQ-OREG-02", "PAMP-9.1.2-03"],
    errata: ["E-PAMP-63"],
    group: "capability",
    async run(t) {
      const { registration } = await t.create();
      const type = registration.get(`${ELEMENT}.content_type`);
      t.that(type === undefined || typeof type === "string", "FILE, STREAM or another string, or nothing", type, {
        requirement: "PAMP-9.1.2-03",
        what: "content_type of a registration",
        entry: registration.entry,
      });
      if (type === undefined)
        t.warn("the registration does not say what kind of content is shared", "PAMP-REQ-OREG-02");
      else t.passed({ requirement: "PAMP-REQ-OREG-02", what: "content_type of a registration" });
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-registration/streaming",
    title: "an overlay network for live streaming is registered as such",
    requirements: ["PAMP-8.2.5-08"],
    errata: ["E-PAMP-63"],
    needs: ["streams"],
    group: "behaviour",
    async run(t) {
      const { registration, act } = await t.create({ settings: { "content-type": "STREAM" } });
      const type = registration.get(`${ELEMENT}.content_type`);
      const { how, reason } = await act.over;
      if (type !== "STREAM" && how !== "asked") throw new NotApplicable(`nobody knows what kind it is: ${reason}`);
      t.equal(type, "STREAM", { what: "content_type of an overlay network for streaming", entry: registration.entry });
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-registration/distinct",
    title: "two overlay networks have different identifiers",
    requirements: ["PAMP-REQ-ID-03"],
    errata: ["E-PAMP-56"],
    needs: (_, { listen }) => listen === undefined || "the suite cannot start a product that acts by itself again",
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const first = await t.create();
      const second = await t.create({ settings: { "overlay-id": t.unique("overlay") } });
      if (first.overlay === second.overlay && !t.declared.option("takes-identifiers"))
        t.inconclusive(
          "the product does not take the identifier that the suite wishes (MP2P_OVERLAY_ID), and has one only",
        );
      t.that(first.overlay !== second.overlay, "two different identifiers", `twice ${first.overlay}`, {
        what: "the identifiers of two overlay networks",
        entry: second.registration.entry,
      });
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-registration/unknown-members",
    title: "members of the answer that it does not know do not disturb an OMS",
    requirements: ["PAMP-REQ-EXT-01"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, () => ({
        status: 200,
        body: {
          "x-note": ["∂", null],
          pam_conf_info: {
            pam_enabled: true,
            "x-load": { peers: 0 },
            pams_url: pamsUrl(t.server),
            report_interval: 10,
          },
        },
      }));
      await worksOn(
        t,
        await t.create({ later: ["join-peer", "close-overlay"] }),
        "PAMP-REQ-EXT-01",
        "an answer with members of a later extension",
      );
    },
  }),
  defineCase({
    id: "pamp-oms/overlay-registration/odd-answers",
    title: "an answer in chunks, with white space and escapes, is read as any other",
    requirements: ["PAMP-9-01"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, () => {
        const url = pamsUrl(t.server).replaceAll("/", "\\/").replace("p", "\\u0070");
        return {
          status: 200,
          text: `\n{ "pam_conf_info" :\t{ "report_interval" : 10 , "pams_url":"${url}",\r\n "pam_enabled" : true } }\r\n`,
          headers: { "content-type": "application/json; charset=UTF-8", server: "odd/1.0", "x-empty": "" },
          chunkOctets: 9,
          close: true,
          malformed: true,
        };
      });
      await worksOn(t, await t.create({ later: ["join-peer", "close-overlay"] }), "PAMP-9-01", "an answer in chunks");
    },
  }),
  ...(
    [
      ["pam-conf", "the configuration under the other name", ["E-PAMP-03"]],
      ["pam-url", "the address under the name pam_url", ["E-PAMP-04"]],
      ["created", "201 in place of 200", ["E-PAMP-44"]],
    ] as const
  ).map(([name, title, errata]) =>
    defineCase({
      id: `pamp-oms/overlay-registration/${name}`,
      title: `${title} is understood too`,
      requirements: ["PAMP-9.2.1-08"],
      errata,
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        t.server.answer(REG, () => {
          const url = pamsUrl(t.server);
          const conf = { pam_enabled: true, report_interval: 10 };
          const usual = { pam_conf_info: { ...conf, pams_url: url } };
          if (name === "created") return { status: 201, body: usual };
          const other = t.declared.reading("E-PAMP-03") === "A" ? "pam_conf" : "pam_conf_info";
          const body =
            name === "pam-url" ? { pam_conf_info: { ...conf, pam_url: url } } : { [other]: { ...conf, pams_url: url } };
          return { status: 200, body, malformed: true };
        });
        const created = await t.create({ later: ["join-peer"] });
        const told = await toldAddress(t, created);
        if (!told) return t.passed({ what: `whether ${title} is survived` });
        if (!sameAddress(told.address, pamsUrl(t.server)))
          t.warn(`with ${title} the OMS tells its peers ${told.address ?? "no PAMS"}`, "PAMP-9.2.1-08");
        else t.passed({ what: `what the OMS makes of ${title}` });
      },
    }),
  ),
  ...([401, 406, 409, 400, 500] as const).map((status) =>
    defineCase({
      id: `pamp-oms/overlay-registration/refused-${status}`,
      title: `an OMS whose registration is answered ${status} keeps its head`,
      requirements: [status === 400 || status === 500 ? "PAMP-9.2-02" : "PAMP-9.2.1-08"],
      errata: status === 406 || status === 409 ? ["E-PAMP-05"] : ["E-PAMP-23", "E-PAMP-67"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        const headers = status === 401 ? { headers: { "www-authenticate": 'Basic realm="conformance"' } } : {};
        t.server.answer(REG, { status, ...headers });
        await t.create();
        await afterwards(t, t.definition.requirements[0] ?? "PAMP-9.2.1-08", `after ${status}`);
        t.passed({ what: `what follows ${status}` });
      },
    }),
  ),
  defineCase({
    id: "pamp-oms/overlay-registration/unavailable",
    title: "a 503 with Retry-After is not answered by haste",
    requirements: ["PAMP-9.2-02"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, { status: 503, headers: { "retry-after": "2" } });
      const { registration, product } = await t.create();
      await afterwards(t, "PAMP-9.2-02", "after 503");
      t.server.forget(REG);
      t.passed({ what: "what follows 503" });
      const again = await t.server.next(REG, { withinMs: t.actsWithinMs, unless: () => product.ended() !== undefined });
      if (again.silent) t.warn("after 503 the OMS did not register the overlay network again", "PAMP-9.2-02");
      else if (again.at - registration.at < 1_900)
        t.warn(
          `it tried again after ${Math.round(again.at - registration.at)} ms, where Retry-After asked for 2 s`,
          "PAMP-9.2-02",
        );
    },
  }),
  ...(["before", "within"] as const).map((cut) =>
    defineCase({
      id: `pamp-oms/overlay-registration/${cut === "before" ? "lost" : "torn"}`,
      title: `a connection lost ${cut} the answer does not make an OMS lose its head`,
      requirements: ["PAMP-9.2-01"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        t.server.answer(REG, () => ({ ...configured(t.server, { pam_enabled: true }), cut }));
        const { product } = await t.create();
        await afterwards(t, "PAMP-9.2-01", "after a lost connection");
        t.server.forget(REG);
        t.passed({ what: "what follows a lost connection" });
        const again = await t.server.next([REG, DEREG], {
          withinMs: Math.min(t.actsWithinMs, 2 * WATCHED_MS),
          unless: () => product.ended() !== undefined,
        });
        if (again.silent)
          t.warn("after a lost connection the OMS did not register the overlay network again", "PAMP-9.2-01");
      },
    }),
  ),
  defineCase({
    id: "pamp-oms/overlay-registration/credentials",
    title: "an OMS that has credentials repeats with them what was answered 401",
    requirements: ["PAMP-9.2-03"],
    errata: ["E-PAMP-23"],
    needs: ["has-credentials"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      t.server.answer(REG, toAuthorised(configured(t.server, { pam_enabled: true, report_interval: 10 })));
      const { registration } = await t.create();
      await comesWithCredentials(t, registration, REG);
    },
  }),
];
