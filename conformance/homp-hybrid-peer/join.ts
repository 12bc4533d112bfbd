import { is } from "../engine/matchers.js";
import { budget, defineCase, needsToBeTold } from "./case.js";

export const joinCases = [
  defineCase({
    id: "homp-hybrid-peer/join/request",
    title: "a peer joins by POST to /peer, with the overlay network and itself",
    requirements: [
      "HOMP-6.2.5-01",
      "HOMP-6.2.5-02",
      "HOMP-6.2.5-03",
      "HOMP-6.2.5-08",
      "HOMP-7.2.1-02",
      "HOMP-6.1.2-01",
      "HOMP-6.1.2-02",
      "HOMP-6.1.2-03",
      "HP2P-8.1-02",
      "HP2P-7.2.5.2-01",
      "HOMP-7-01",
    ],
    errata: ["E-HOMP-04", "E-HOMP-46"],
    group: "basic",
    async run(t) {
      const judging = {
        requirement: ["HOMP-6.2.5-01", "HP2P-8.1-02", "HP2P-7.2.5.2-01", "HOMP-7-01"],
        what: "the join of a peer, at the address that it was told",
      } as const;
      const { request } = await t.enter({ judging });
      const { entry } = request;
      t.match(
        request.body,
        { overlay: is.object, peer: is.object },
        {
          requirement: "HOMP-6.2.5-02",
          what: "its body",
          entry,
        },
      );
      t.equal(request.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement: ["HOMP-6.2.5-03", "HOMP-7.2.1-02"],
        what: "the overlay-id of a join",
        entry,
      });
      t.equal([request.get("overlay.type"), request.get("overlay.sub-type")], [t.hon.type, t.hon.subType], {
        requirement: "HOMP-6.2.5-03",
        what: "type and sub-type of a join: those of the overlay network",
        entry,
      });
      const requirement = ["HOMP-6.2.5-08", "HOMP-7.2.1-02"] as const;
      t.match(request.get("peer.peer-id"), is.nonEmptyString, {
        requirement: [...requirement, "HOMP-6.1.2-01"],
        what: "the peer-id of a join",
        entry,
      });
      t.match(request.get("peer.address"), is.nonEmptyString, {
        requirement: [...requirement, "HOMP-6.1.2-02"],
        what: "the address of a join",
        entry,
      });
      t.match(
        request.get("peer.auth"),
        { password: is.nonEmptyString },
        {
          requirement: [...requirement, "HOMP-6.1.2-03"],
          what: "auth of a join: the peer's password",
          entry,
        },
      );
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/join/first",
    title: "the first join is no recovery: no true in recovery, and no ticket that nobody has issued",
    requirements: ["HOMP-6.2.5-06", "HOMP-6.2.5-07"],
    errata: ["E-HOMP-07", "E-HOMP-08", "E-HOMP-09"],
    group: "capability",
    async run(t) {
      const { request } = await t.enter();
      const { entry } = request;
      t.match(request.get("overlay.recovery"), is.optional(false), {
        requirement: "HOMP-6.2.5-06",
        what: "recovery in the join of a newcomer",
        entry,
      });
      const ticket = request.get("overlay.ticket-id");
      const invents = t.declared.reading("E-HOMP-07") === "B";
      t.match(
        ticket,
        invents ? is.optional(is.string) : is.where("nothing, or the mark of a peer that has none", isNone),
        {
          requirement: "HOMP-6.2.5-07",
          what: "ticket-id in the join of a newcomer",
          entry,
        },
      );
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/join/lifetime",
    title: "a peer that is to stay for a certain time asks for it in seconds, or leaves it to the HOMS",
    requirements: ["HOMP-6.2.5-04"],
    errata: ["E-HOMP-20", "E-HOMP-62"],
    group: "capability",
    async run(t) {
      const { request } = await t.enter({ settings: { expires: 120 } });
      t.match(request.get("overlay.expires") ?? request.get("peer.expires"), is.optional(is.positive), {
        what: "expires of a join",
        entry: request.entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/join/closed",
    title: "a peer that has the access key of a closed overlay network shows it when it joins",
    requirements: ["HOMP-6.2.5-05"],
    errata: ["E-HOMP-02", "E-HOMP-52"],
    needs: ["closed"],
    group: "capability",
    async run(t) {
      needsToBeTold(t);
      t.hon.access = "closed";
      t.hon.accessKey = `key${t.random.hex(12)}`;
      const { request } = await t.enter();
      t.equal(request.get("overlay.auth.access_key"), t.hon.accessKey, {
        what: "the access key in the join of a closed overlay network",
        entry: request.entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/join/configured-peer-id",
    title: "a peer goes by the identifier that it is configured with",
    requirements: ["HP2P-7.2.1.1-01"],
    needs: ["settable-peer-id"],
    group: "capability",
    async run(t) {
      needsToBeTold(t);
      const id = t.unique("configured");
      const { request } = await t.enter({ settings: { "peer-id": id } });
      t.equal(request.get("peer.peer-id"), id, { what: "the peer-id of a join", entry: request.entry });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/join/entry-peers",
    title: "a member whose entry peers cannot be reached, or are described in an odd way, stays a member all the same",
    requirements: ["HOMP-7.2.4-04", "HP2P-7.2.4.2-01"],
    errata: ["E-HOMP-14", "E-HOMP-34"],
    group: "behaviour",
    budgetMs: budget(1),
    async run(t) {
      t.hon.entryPeers = [
        // A port of the discard service: nobody is there.
        { "peer-id": t.unique("dead"), address: "tcp://127.0.0.1:9" },
        { "peer-id": t.unique("far"), address: "tcp://192.0.2.1:9000", auth: { password: "Abc123" }, "x-load": 7 },
      ];
      const begun = await t.enter();
      await t.refresh(begun, begun.request, {
        requirement: ["HOMP-7.2.4-04", "HP2P-7.2.4.2-01"],
        what: "what a member goes on with whose entry peers do not answer",
      });
    },
  }),
];

/** Peers in the field mark a first join by an empty ticket, by 0 or by -1. */
const isNone = (value: unknown): boolean =>
  value === undefined || ["", "0", "-1", 0, -1, null].includes(value as never);
