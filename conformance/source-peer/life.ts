import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { ClientRequest } from "../client/request.js";
import { is } from "../engine/matchers.js";
import { ok } from "../streaming/servers.js";
import { defineCase } from "./case.js";
import { CREATE, END, FRAGMENT, OWNER, REFRESH, REGISTER, REMOVE, UPDATE } from "./session.js";

const parameters = ({ target }: ClientRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(target.split("?")[1] ?? ""));

/** A session at OMS and IXS, from its beginning to its end [7.1, 8.5, 8.6]. */
export const lifeCases = [
  defineCase({
    id: "source-peer/creation/overlay-first",
    title: "for a session a source peer makes one overlay network, before it registers the session",
    requirements: ["DS-8.5-02", "DS-7.1.1-02", "DS-7.1.1-03", "DS-6-02"],
    errata: ["E-DS-33"],
    group: "basic",
    async run(t) {
      const created = await t.create();
      const registration = await t.server.next(REGISTER, { withinMs: t.actsWithinMs });
      t.that(!registration.silent, REGISTER, registration.outcome, {
        requirement: ["DS-7.1.1-03", "DS-6-02"],
        what: "what the IXS hears after the overlay network was made",
        entry: registration.entry,
      });
      t.that(created.creation.at <= registration.at, `${CREATE} before ${REGISTER}`, "the registration came first", {
        requirement: ["DS-8.5-02", "DS-7.1.1-02"],
        what: "the order of creation and registration",
        entry: registration.entry,
      });
      t.equal(t.server.of(CREATE).length, 1, {
        requirement: "DS-8.5-02",
        what: "the number of overlay networks asked for",
      });
      t.match(
        { id: created.id, issues: created.creation.issues.length },
        { id: is.nonEmptyString, issues: 0 },
        {
          requirement: "DS-7.1.1-02",
          what: "what the overlay network is asked for with",
          entry: created.creation.entry,
        },
      );
    },
  }),
  defineCase({
    id: "source-peer/registration/index-file",
    title: "the index file has title, OMS, overlay network, data source, data, fragment size and description",
    requirements: ["DS-8.6-a-i", "DS-8.6-a-ii", "DS-8.6-a-iii", "DS-8.6-a-iv", "DS-8.6-a-v", "DS-8.6-a-vi"],
    errata: ["E-DS-10", "E-DS-39"],
    group: "basic",
    async run(t) {
      const created = await t.create();
      const file = await t.registered(created);
      const member = (name: string): unknown => file.get(`index_file.${name}`);
      const judge = (requirement: RequirementId, name: string, expected: unknown): void =>
        t.equal(member(name), expected, { requirement, what: `${name} in the index file`, entry: file.entry });
      judge("DS-8.6-a-i", "title", t.session.title);
      judge("DS-8.6-a-ii", "overlay_network_id", t.session.overlay);
      t.equal(String(member("oms_url")).replace(/\/+$/, ""), t.server.url, {
        requirement: "DS-8.6-a-ii",
        what: "oms_url in the index file",
        entry: file.entry,
      });
      judge("DS-8.6-a-iii", "data_source_id", t.session.dataSource);
      judge("DS-8.6-a-iv", "data_id", t.session.data);
      judge("DS-8.6-a-v", "fragment_size", FRAGMENT);
      t.match(member("description"), is.nonEmptyString, {
        requirement: "DS-8.6-a-vi",
        what: "description in the index file",
        entry: file.entry,
      });
    },
  }),
  defineCase({
    id: "source-peer/creation/by-list",
    title: "the peers that may join a closed session are in its creation, and so is the source peer's own identifier",
    requirements: ["DS-8.5-e"],
    errata: ["E-DS-29"],
    needs: ["closed-by-list"],
    group: "behaviour",
    async run(t) {
      const peerlist = [t.unique("peer"), t.unique("peer")];
      const { creation } = await t.create({ settings: { peerlist } });
      const listed = creation.get("overlay_creation.closed.peer_id");
      t.that(
        Array.isArray(listed) && peerlist.every((one) => listed.includes(one)),
        `a list with ${peerlist.join(" and ")}`,
        listed ?? "no list",
        { what: "the list in the creation of a closed session", entry: creation.entry },
      );
    },
  }),
  defineCase({
    id: "source-peer/creation/by-password",
    title: "the password of a closed session is in its creation, and nowhere else",
    requirements: ["DS-8.5-f"],
    errata: ["E-DS-29"],
    needs: ["closed-by-password"],
    group: "behaviour",
    async run(t) {
      const password = t.random.hex(20);
      const created = await t.create({ settings: { password } });
      t.equal(created.creation.get("overlay_creation.closed.password"), password, {
        what: "the password in the creation of a closed session",
        entry: created.creation.entry,
      });
      const file = await t.registered(created);
      t.that(!file.text.includes(password), "an index file without the password", file.outcome, {
        what: "the index file of a closed session",
        entry: file.entry,
      });
    },
  }),
  defineCase({
    id: "source-peer/refresh/in-time",
    title: "a source peer refreshes its overlay network before the time that its OMS told is over",
    requirements: ["DS-8.5-d"],
    errata: ["E-DS-07"],
    group: "behaviour",
    async run(t) {
      const seconds = 3;
      t.server.answer(REFRESH, () => ok({ refresh_expiration: seconds }));
      const created = await t.create({ settings: { "refresh-expiration": seconds } });
      let last = created.creation.at;
      for (const which of ["first", "second", "third"]) {
        const refresh = await t.server.next(REFRESH, { withinMs: 1000 * seconds + 500 });
        t.that(
          !refresh.silent && refresh.at - last <= 1000 * seconds,
          `${REFRESH} within ${seconds} s`,
          refresh.outcome,
          {
            what: `the ${which} refresh`,
            entry: refresh.entry,
          },
        );
        if (refresh.silent) return;
        t.equal([refresh.params.NID, refresh.header("authorization")], [t.session.overlay, `Bearer ${OWNER}`], {
          what: `overlay network and token of the ${which} refresh`,
          entry: refresh.entry,
        });
        last = refresh.at;
      }
    },
  }),
  defineCase({
    id: "source-peer/update/higher-version",
    title: "an update has a higher version, the title and the data source, and all else as it was",
    requirements: ["DS-8.6-b-i", "DS-8.6-b-ii", "DS-8.6-b-iii"],
    errata: ["E-DS-10", "E-DS-11"],
    needs: ["updates"],
    group: "behaviour",
    async run(t) {
      const created = await t.create({ later: ["update"] });
      const before = await t.registered(created);
      await created.act.over;
      const description = `Another one ${t.random.hex(6)}`;
      const act = created.product.do("update", { description });
      const update = await t.due(UPDATE, act, {
        requirement: ["DS-8.6-b-i", "DS-8.6-b-ii", "DS-8.6-b-iii"],
        what: "what a source peer sends whose session changes",
        where: (one) => one.get("index_file.description") === description,
      });
      const version = Number(before.get("index_file.version") ?? 1);
      t.match(
        update.get("index_file.version"),
        is.where(`a number above ${version}`, (one) => Number(one) > version),
        {
          requirement: "DS-8.6-b-i",
          what: "the version of the update",
          entry: update.entry,
        },
      );
      t.equal(update.get("index_file.title"), t.session.title, {
        requirement: "DS-8.6-b-ii",
        what: "the title in the update",
        entry: update.entry,
      });
      t.equal(
        [update.get("index_file.data_source_id"), update.get("index_file.data_id")],
        [t.session.dataSource, t.session.data],
        { requirement: "DS-8.6-b-iii", what: "data source and data in the update", entry: update.entry },
      );
    },
  }),
  defineCase({
    id: "source-peer/end/removes",
    title: "at its end a session is taken off the IXS, by version, data source and data, and off the OMS",
    requirements: ["DS-7.1.3-02", "DS-7.1.3-03", "DS-8.6-d-i", "DS-8.6-d-ii", "DS-8.6-d-iii"],
    errata: ["E-DS-08", "E-DS-13"],
    group: "basic",
    async run(t) {
      const created = await t.create({ later: ["terminate"] });
      const file = await t.registered(created);
      await created.act.over;
      const act = created.product.do("terminate");
      const removal = await t.due(REMOVE, act, {
        requirement: "DS-7.1.3-02",
        what: "what the IXS hears at the end of a session",
      });
      const named = parameters(removal);
      const newest = t.server.of(UPDATE).at(-1) ?? file;
      t.equal(named.version, String(newest.get("index_file.version") ?? 1), {
        requirement: "DS-8.6-d-i",
        what: "the version in the removal",
        entry: removal.entry,
      });
      t.equal(named.data_source_id, t.session.dataSource, {
        requirement: "DS-8.6-d-ii",
        what: "the data source in the removal",
        entry: removal.entry,
      });
      t.equal(named.data_id, t.session.data, {
        requirement: "DS-8.6-d-iii",
        what: "the data in the removal",
        entry: removal.entry,
      });
      const end = await t.due(END, act, {
        requirement: "DS-7.1.3-03",
        what: "what the OMS hears at the end of a session",
      });
      t.equal([end.params.NID, end.header("authorization")], [t.session.overlay, `Bearer ${OWNER}`], {
        requirement: "DS-7.1.3-03",
        what: "overlay network and token of the removal",
        entry: end.entry,
      });
    },
  }),
];
