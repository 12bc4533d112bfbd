import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Answer } from "../client/answer.js";
import type { CaseDefinition } from "../engine/case.js";
import type { HybridPeerTest } from "./case.js";
import { budget, defineCase } from "./case.js";
import { type Json, joined, refreshed } from "./protocol.js";
import { JOIN, REFRESH } from "./session.js";

interface Odd {
  readonly name: string;
  readonly title: string;
  readonly errata?: readonly ErratumId[];
  readonly requirement: RequirementId;
  /** Where what is odd is a reading that the product need not take: a remark only. */
  readonly lenient?: true;
  answer(t: HybridPeerTest, peer: string): Answer;
}

const overlayWith = (t: HybridPeerTest, peer: string, change: (overlay: Record<string, unknown>) => void): Json => {
  const { body } = joined(t.hon, peer);
  const overlay = { ...body.overlay };
  change(overlay);
  return overlay;
};

/** Every one grants the membership: the refresh that is then due shows that the product took it. */
const odds: readonly Odd[] = [
  {
    name: "chunked",
    title: "a chunked answer",
    requirement: "HOMP-6.2-03",
    answer: (t, peer) => ({ ...joined(t.hon, peer), chunkOctets: 11 }),
  },
  {
    name: "closed-connection",
    title: "an answer after which the connection is closed",
    requirement: "HOMP-6.2-03",
    answer: (t, peer) => ({ ...joined(t.hon, peer), close: true }),
  },
  {
    name: "slow",
    title: "an answer that takes more than a second",
    requirement: "HOMP-6.2-03",
    answer: (t, peer) => ({ ...joined(t.hon, peer), delayMs: 1_100 }),
  },
  {
    name: "white-space",
    title: "an answer with white space, escapes and members in another order",
    requirement: "HOMP-5-01",
    answer: (t, peer) => {
      const { overlay } = joined(t.hon, peer).body;
      const members = Object.entries(overlay).reverse();
      const text = JSON.stringify(Object.fromEntries(members), undefined, "\t").replaceAll(
        "overlay-id",
        "\\u006fverlay-id",
      );
      return {
        status: 200,
        text: `\r\n{ "overlay" :\n${text} }\n`,
        headers: { "content-type": "application/json; charset=UTF-8" },
        malformed: true,
      };
    },
  },
  {
    name: "unknown-members",
    title: "an answer with members that no table has",
    requirement: "HOMP-6.2-03",
    answer: (t, peer) => ({
      status: 200,
      body: {
        "x-server": "odd",
        overlay: overlayWith(t, peer, (overlay) =>
          Object.assign(overlay, { "x-list": [null, { a: [] }], "app-id": "IoT" }),
        ),
      },
      malformed: true,
    }),
  },
  {
    name: "table-only",
    title: "an answer with the members of Table 6-18 and no other, hence without a ticket",
    requirement: "HOMP-6.2-02",
    errata: ["E-HOMP-07", "E-HOMP-19", "E-HOMP-33"],
    answer: (t, peer) => ({
      status: 200,
      body: {
        overlay: overlayWith(t, peer, (overlay) => {
          for (const name of ["ticket-id", "heartbeat-interval", "heartbeat-timeout"]) delete overlay[name];
          overlay.status = { num_peers: 1, status: "active", peer_info_list: [] };
        }),
      },
    }),
  },
  {
    name: "no-entry-peers",
    title: "an answer whose status names no entry peers at all",
    requirement: "HOMP-6.2-02",
    errata: ["E-HOMP-34"],
    answer: (t, peer) => ({
      status: 200,
      body: {
        overlay: overlayWith(t, peer, (overlay) =>
          Object.assign(overlay, { status: { num_peers: 1, status: "active" } }),
        ),
      },
    }),
  },
  {
    name: "own-entry",
    title: "an answer whose entry list has the peer itself",
    requirement: "HOMP-7.2.4-04",
    errata: ["E-HOMP-34"],
    answer: (t, peer) => ({
      status: 200,
      body: {
        overlay: overlayWith(t, peer, (overlay) =>
          Object.assign(overlay, {
            status: { num_peers: 1, peer_info_list: [{ "peer-id": peer, address: "tcp://127.0.0.1:9" }] },
          }),
        ),
      },
    }),
  },
  {
    name: "202",
    title: "202 in place of 200",
    requirement: "HOMP-6.2-03",
    errata: ["E-HOMP-43"],
    lenient: true,
    answer: (t, peer) => ({ ...joined(t.hon, peer), status: 202 }),
  },
  {
    name: "peer-expires",
    title: "an answer that has the lifetime in a peer object",
    requirement: "HOMP-6.2-03",
    errata: ["E-HOMP-33"],
    lenient: true,
    answer: (t, peer) => {
      const { body } = joined(t.hon, peer);
      const overlay = overlayWith(t, peer, (one) => delete one.expires);
      return { status: 200, body: { overlay, peer: body.peer }, malformed: true };
    },
  },
  {
    name: "number-ticket",
    title: "an answer with a ticket that is a number, in a peer object",
    requirement: "HOMP-6.2-03",
    errata: ["E-HOMP-07"],
    lenient: true,
    answer: (t, peer) => {
      const overlay = overlayWith(t, peer, (one) => delete one["ticket-id"]);
      return { status: 200, body: { overlay, peer: { "peer-id": peer, "ticket-id": 7 } }, malformed: true };
    },
  },
];

const oddJoinCases = odds.map(({ name, title, errata = [], requirement, lenient, answer }) =>
  defineCase({
    id: `homp-hybrid-peer/answers/${name}`,
    title: `${title} makes a member ${lenient ? "too" : "as any other"}`,
    requirements: [requirement],
    errata,
    group: "behaviour",
    budgetMs: budget(2),
    async run(t) {
      t.server.answer(JOIN, (request) => answer(t, String(request.get("peer.peer-id"))));
      const begun = await t.enter();
      const late = name === "slow" ? 1.1 : 0;
      const what = `the refresh of a peer that was admitted by ${title}`;
      if (!lenient) return void (await t.refresh(begun, begun.request, { what, lifetime: t.hon.lifetime + late }));
      const refresh = await t.server.next(REFRESH, {
        withinMs: 1000 * t.hon.lifetime,
        unless: () => begun.product.ended() !== undefined,
      });
      if (refresh.silent) t.warn(`a peer that was admitted by ${title} does not refresh`, requirement);
      else t.passed({ what });
    },
  }),
);

/** Refreshes answered in ways that are permitted, or that a reading has; the next lifetime shows whether the product took it. */
const oddRefreshes: readonly (Omit<Odd, "answer"> & { answer(t: HybridPeerTest, peer: string): Answer })[] = [
  {
    name: "refresh-news",
    title: "news of the overlay network in the answer to a refresh",
    requirement: "HOMP-7.2.3-03",
    errata: ["E-HOMP-35"],
    answer: (t, peer) => {
      const { body } = refreshed(t.hon, peer);
      return {
        status: 200,
        body: { ...body, overlay: { ...body.overlay, title: "renamed", description: "new", "x-new": true } },
        malformed: true,
      };
    },
  },
  {
    name: "refresh-peer-expires",
    title: "the lifetime in the peer object of the answer to a refresh",
    requirement: "HOMP-7.2.3-03",
    errata: ["E-HOMP-33"],
    lenient: true,
    answer: (t, peer) => ({
      status: 200,
      body: { overlay: { "overlay-id": t.hon.overlayId }, peer: { "peer-id": peer, expires: t.hon.lifetime } },
      malformed: true,
    }),
  },
];

const oddRefreshCases = oddRefreshes.map(({ name, title, errata = [], requirement, lenient, answer }) =>
  defineCase({
    id: `homp-hybrid-peer/answers/${name}`,
    title: `${title} does not end the refreshes`,
    requirements: [requirement],
    errata,
    group: "behaviour",
    budgetMs: budget(3),
    async run(t) {
      t.server.answer(REFRESH, (request) => answer(t, String(request.get("peer.peer-id"))));
      const begun = await t.enter();
      const first = await t.refresh(begun, begun.request, { what: "the first refresh" });
      const what = `the refresh after ${title}`;
      if (!lenient) return void (await t.refresh(begun, first, { what }));
      const unless = (): boolean => begun.product.ended() !== undefined;
      const second = await t.server.next(REFRESH, { withinMs: 1000 * t.hon.lifetime, unless });
      if (second.silent) t.warn(`after ${title} no refresh comes`, requirement);
    },
  }),
);

export const oddAnswerCases: CaseDefinition<HybridPeerTest>[] = [...oddJoinCases, ...oddRefreshCases];
