import { is } from "../engine/matchers.js";
import { message, R2 } from "../engine/r2-message.js";
import { budget, defineCase } from "./case.js";
import { estab, grant } from "./messages.js";
import { shows } from "./session.js";

export const joinCases = [
  defineCase({
    id: "hybrid-peer/join/connects",
    title: "a peer that has joined connects to a peer of the list that the HOMS gave it",
    requirements: ["HP2P-7.2-02", "HP2P-7.2.4.2-01", "HP2P-7.2.5.1-01"],
    group: "basic",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.peer(10);
      await t.enter({ entryPeers: [entry] });
      const { message: call } = await entry.next(R2.hello, { withinMs: t.times.entry });
      t.answers(call, message(R2.hello), {
        requirement: ["HP2P-7.2-02", "HP2P-7.2.4.2-01", "HP2P-7.2.5.1-01"],
        what: "what a newcomer says to its entry peer",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/join/hello",
    title: "HELLO names the overlay network, the newcomer with the ticket of the HOMS, and how many are wanted",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "capability",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.peer(10);
      const iut = await t.enter({ entryPeers: [entry], ticket: 4711 });
      const { message: call } = await t.setup("a HELLO", async () => {
        const came = await entry.next(R2.hello, { withinMs: t.times.entry });
        if (came.message.silent) t.inconclusive(came.message.outcome);
        return came;
      });
      const { params, ...rest } = { params: call.header["req-params"], ...call };
      t.match(
        params,
        {
          operation: { "overlay-id": t.hon.overlayId, conn_num: is.positive, ttl: is.positive },
          peer: { "peer-id": iut.id, address: iut.address, "ticket-id": 4711 },
        },
        { what: "the parameters of HELLO", entry: rest.entry },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/join/estab",
    title: "a newcomer takes the ESTAB of a peer that its HELLO has reached, on a connection of that peer's",
    requirements: ["HP2P-8.2-02", "HP2P-7.2-02"],
    group: "basic",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.peer(10);
      const iut = await t.enter({ entryPeers: [entry] });
      await entry.next(R2.hello, { withinMs: t.times.entry });
      const link = await t.offer(iut, entry);
      t.answers(
        await link.next([R2.estabAccepted, R2.estabRefused], { withinMs: t.times.answer }),
        message(R2.estabAccepted),
        {
          requirement: ["HP2P-8.2-02", "HP2P-7.2-02"],
          what: "the answer to the ESTAB of the entry peer",
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/join/estab-elsewhere",
    title: "the ESTAB of another overlay network is refused by 2603, and the right one taken",
    requirements: ["HP2P-8.2-02"],
    profile: true,
    group: "behaviour",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.peer(10);
      const iut = await t.enter({ entryPeers: [entry] });
      await entry.next(R2.hello, { withinMs: t.times.entry });
      const wrong = await entry.connect(iut.address, "(wrong)");
      wrong.send(estab(t.unique("overlay"), entry));
      const answer = await wrong.next([R2.estabAccepted, R2.estabRefused], { withinMs: t.times.answer });
      t.answers(answer, message(R2.estabRefused, "closed"), {
        what: "the answer to an ESTAB of another overlay network",
      });
      const link = await t.offer(iut, entry);
      t.answers(
        await link.next([R2.estabAccepted, R2.estabRefused], { withinMs: t.times.answer }),
        message(R2.estabAccepted),
        {
          what: "the answer to the ESTAB of its own overlay network",
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/join/primary",
    title: "a newcomer asks a peer that offers itself for a primary path, and reports it to the HOMS",
    requirements: [
      "HP2P-8.2-01",
      "HP2P-8.2-02",
      "HP2P-6-06",
      "HP2P-7.2.2.1-01",
      "HP2P-9.1-04",
      "HP2P-9.2-05",
      "HP2P-9.3-03",
    ],
    errata: ["E-HP2P-14", "E-HP2P-22", "E-HP2P-23"],
    group: "basic",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.peer(10);
      const iut = await t.enter({ entryPeers: [entry] });
      await entry.next(R2.hello, { withinMs: t.times.entry });
      const link = await t.offer(iut, entry);
      t.answers(await link.next(R2.primary, { withinMs: t.times.entry }), message(R2.primary), {
        requirement: ["HP2P-8.2-01", "HP2P-8.2-02", "HP2P-9.1-04", "HP2P-9.2-05", "HP2P-9.3-03"],
        what: "what a newcomer asks of the one peer that offers itself",
      });
      await grant(t, link);
      const report = await t.report((one) => one.get("status.num_primary") === 1);
      t.that(!report.silent, "a report with num_primary 1", report.outcome, {
        requirement: ["HP2P-6-06", "HP2P-7.2.2.1-01"],
        what: "the report of a peer that has got its primary path",
        entry: report.entry,
      });
      t.that(
        shows(report, "primary", entry.id),
        `${entry.id} under primary`,
        JSON.stringify(report.get("status.costmap")),
        {
          requirement: ["HP2P-7.2.2.1-01"],
          what: "the cost map of a peer that has got its primary path",
          entry: report.entry,
        },
      );
    },
  }),
  defineCase({
    id: "hybrid-peer/join/refused",
    title: "a newcomer whose PRIMARY is refused asks another that offers itself, or seeks on",
    requirements: ["HP2P-8.2-02"],
    group: "behaviour",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const [first, second] = [await t.peer(10), await t.peer(20)];
      const iut = await t.enter({ entryPeers: [first] });
      await first.next(R2.hello, { withinMs: t.times.entry });
      const link = await t.offer(iut, first);
      await t.setup("a PRIMARY to refuse", async () => {
        const asked = await link.next(R2.primary, { withinMs: t.times.entry });
        if (asked.silent) t.inconclusive(asked.outcome);
      });
      t.hon.entryPeers = [second.info];
      link.send({ code: R2.primaryRefused, params: {} });
      const other = await t.offer(iut, second);
      t.answers(await other.next(R2.primary, { withinMs: t.times.entry }), message(R2.primary), {
        what: "what a newcomer asks of the second peer that offers itself, when the first has refused",
      });
    },
  }),
  ...(["dead", "silent"] as const).map((how) =>
    defineCase({
      id: `hybrid-peer/join/${how}-entry`,
      title: `a newcomer whose first entry peer is ${how === "dead" ? "not there" : "there, but says nothing,"} turns to the next in bounded time`,
      requirements: ["HP2P-7.2.4.2-01", "HP2P-7.2.4.2-02", "HOMP-7.2.4-04"],
      group: "behaviour",
      budgetMs: budget({ entries: 2 }),
      async run(t) {
        const [first, second] = [await t.peer(10, { hello: false }), await t.peer(20)];
        const gone = { info: first.info };
        if (how === "dead") await first.close();
        await t.enter({ entryPeers: [gone, second] });
        const { message: call } = await second.next(R2.hello, { withinMs: t.times.entry });
        t.answers(call, message(R2.hello), {
          requirement: ["HP2P-7.2.4.2-01", "HP2P-7.2.4.2-02", "HOMP-7.2.4-04"],
          what: "what comes to the second entry peer when the first does not answer",
        });
      },
    }),
  ),
  defineCase({
    id: "hybrid-peer/join/ipv6",
    title: "a newcomer reaches an entry peer at an IPv6 address, and takes its offer",
    requirements: ["HP2P-7.2-02"],
    needs: ["ipv6"],
    group: "capability",
    budgetMs: budget({ entries: 1 }),
    async run(t) {
      const entry = await t.setup("a stand-in at ::1", () => t.peer(10, { host: "::1" }));
      const iut = await t.enter({ entryPeers: [entry] });
      const { message: call } = await entry.next(R2.hello, { withinMs: t.times.entry });
      t.answers(call, message(R2.hello), { what: "what comes to an entry peer at tcp://[::1]:port" });
      const link = await t.offer(iut, entry);
      t.answers(await link.next(R2.primary, { withinMs: t.times.entry }), message(R2.primary), {
        what: "what comes when that offers itself",
      });
    },
  }),
  defineCase({
    id: "hybrid-peer/join/vertical",
    title: "a peer that has learnt of its grandparent asks it for a candidate path, by HELLO with vertical-candidate",
    requirements: ["HP2P-7.2.2.2-02"],
    needs: ["candidates", "vertical-candidates"],
    without: ["p22", "p20"],
    profile: true,
    group: "behaviour",
    budgetMs: budget({ entries: 3 }),
    async run(t) {
      const [entry, above] = [await t.peer(20), await t.peer(10)];
      const iut = await t.enter({ entryPeers: [entry] });
      await entry.next(R2.hello, { withinMs: t.times.entry });
      const link = await t.offer(iut, entry);
      const asked = await link.next(R2.primary, { withinMs: t.times.entry });
      if (asked.silent) t.inconclusive(asked.outcome);
      link.send({ code: R2.primaryAccepted, params: { "parent-peer": above.info } });
      const { message: call } = await above.next(R2.hello, {
        withinMs: t.times.entry,
        where: (one) => one.get("operation.vertical-candidate") === true,
      });
      t.answers(call, message(R2.hello), { what: "what comes to the grandparent" });
    },
  }),
  defineCase({
    id: "hybrid-peer/join/probe",
    title: "a newcomer probes the peers that offer themselves before it asks one of them",
    requirements: ["HP2P-8.2-04"],
    needs: ["probes"],
    group: "behaviour",
    budgetMs: budget({ entries: 2 }),
    async run(t) {
      const [first, second] = [await t.peer(10), await t.peer(20)];
      const iut = await t.enter({ entryPeers: [first] });
      await first.next(R2.hello, { withinMs: t.times.entry });
      const links = [await t.offer(iut, first), await t.offer(iut, second)];
      const probes = await Promise.all(links.map((link) => link.next(R2.probe, { withinMs: t.times.entry })));
      t.that(
        probes.some(({ silent }) => !silent),
        "PROBE to one of two at least",
        "none",
        { what: "what comes before PRIMARY" },
      );
    },
  }),
];
