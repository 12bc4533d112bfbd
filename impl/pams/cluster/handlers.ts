import { randomUUID } from "node:crypto";
import type { PampHandlers } from "../../../generated/pamp/server.js";
import type {
  OverlayNetworkInformation,
  PamConfInfo,
  PampPeerInfoQueryResponse,
} from "../../../generated/pamp/types.js";
import { problem } from "../../../generated/runtime/problem.js";
import { conditionFault } from "../core.js";
import { peerTokenHeader } from "../credentials.js";
import { FragmentSet, type FragmentSetRow } from "../fragment-set.js";
import { faulty } from "../handlers.js";
import { listOf, type Need, noNeed } from "../select.js";
import type { PeerQueryCondition } from "../types.js";
import {
  type Cluster,
  informationOf,
  type ListedHere,
  type LookedUp,
  type RegisteredThere,
  together,
} from "./cluster.js";
import type { Member } from "./membership.js";

/**
 * The primitives where several PAMSs share the overlay networks: registrations are answered with the PAMS in charge, queries for all peers
 * whichever PAMS they report to [X.609.1 8.2.1, E-PAMP-77]. Reports are for the PAMS in charge alone: elsewhere the peer is unknown.
 */
export function createClusterHandlers(cluster: Cluster, own: PampHandlers): PampHandlers {
  const { core, membership } = cluster;
  const { policy } = core;
  const configuration = (member: Member): PamConfInfo => ({
    pams_url: member.pamsUrl,
    report_interval: policy.reportInterval,
  });
  const knownElsewhere = (overlay: string, peer?: string) => membership.askAll<LookedUp>("look-up", { overlay, peer });

  return {
    async PAMP_OVERLAY_NW_REG(request, context) {
      const { overlay_network_information: information } = request.body;
      const id = information.overlay_network_id;
      if (core.overlays.has(id)) return own.PAMP_OVERLAY_NW_REG(request, context);
      const granted = (member: Member) =>
        ({
          status: 200,
          body: { pam_conf_info: { pam_enabled: policy.pamEnabled, ...configuration(member) } },
        }) as const;
      const [elsewhere] = await knownElsewhere(id);
      if (elsewhere !== undefined) return policy.duplicates === "refuse" ? { status: 409 } : granted(elsewhere.member);
      cluster.revived(id);
      const attempt = randomUUID();
      const there = await inCharge(
        () => membership.homeOf(id),
        (home) => membership.ask<RegisteredThere>(home, "register-overlay", { attempt, information }),
      );
      if (there === undefined) return own.PAMP_OVERLAY_NW_REG(request, context);
      if (there.answer.status === 200) return granted(there.member);
      return there.answer.status === 409 ? { status: 409 } : unavailable(there.answer.status);
    },

    async PAMP_OVERLAY_NW_DEREG(request, context) {
      const overlay = request.params.NID;
      cluster.buried(overlay);
      const here = await own.PAMP_OVERLAY_NW_DEREG(request, context);
      const there = await membership.askAll<RegisteredThere>("deregister-overlay", { overlay });
      if (here.status !== 404) return here;
      return there.some(({ answer }) => answer.status === 200) ? { status: 200 } : here;
    },

    async PAMP_PEER_REG(request, context) {
      const { NID } = request.params;
      const { peer_information: peer } = request.body;
      if (core.find(NID, peer.peer_id) !== undefined) return own.PAMP_PEER_REG(request, context);
      const elsewhere = await knownElsewhere(NID, peer.peer_id);
      const holder = elsewhere.find(({ answer }) => answer.registered);
      if (holder !== undefined && !holder.answer.moved) {
        if (policy.duplicates === "refuse") return { status: 409 };
        return { status: 200, body: { pam_conf_info: configuration(holder.member) } };
      }
      const information = overlayHere(cluster, NID) ?? elsewhere[0]?.answer.information;
      if (information === undefined) return { status: 404 };
      const attempt = randomUUID();
      const there = await inCharge(
        () => holder?.member ?? membership.managerOf(NID, peer.peer_id),
        (manager) => membership.ask<RegisteredThere>(manager, "register-peer", { attempt, information, peer }),
      );
      if (there === undefined) {
        cluster.ensure(information);
        return own.PAMP_PEER_REG(request, context);
      }
      const { member, answer } = there;
      if (answer.status === 200) {
        member.peers++;
        const body = { pam_conf_info: configuration(member) };
        return answer.token === undefined
          ? { status: 200, body }
          : { status: 200, body, headers: { [peerTokenHeader]: answer.token } };
      }
      if (answer.status === 404 || answer.status === 409) return { status: answer.status };
      // What the other one says of the request is what there is to say.
      return { status: answer.status, body: answer.body } as never;
    },

    async PAMP_PEER_DEREG(request, context) {
      const { NID, PID } = request.params;
      if (core.find(NID, PID) !== undefined) return own.PAMP_PEER_DEREG(request, context);
      const holder = (await knownElsewhere(NID, PID)).find(({ answer }) => answer.registered);
      if (holder === undefined) return own.PAMP_PEER_DEREG(request, context);
      const { authorization } = context.headers;
      const question = { overlay: NID, peer: PID, authorization };
      const there = await membership.ask<RegisteredThere>(holder.member, "deregister-peer", question);
      if (there?.status === 200) return { status: 200 };
      // Not admitted there: as here, where the challenge is the same.
      if (there?.status === 401) return { status: 401, headers: { "WWW-Authenticate": 'Bearer realm="pams"' } };
      return there?.status === 404 ? { status: 404 } : unavailable(503);
    },

    PAMP_PEER_STATUS_REPORT: own.PAMP_PEER_STATUS_REPORT,

    async PAMP_PEER_LIST_QUERY(request, context) {
      if (membership.others.length === 0) return own.PAMP_PEER_LIST_QUERY(request, context);
      const { NID } = request.params;
      const condition = request.body.peer_query_condition;
      const fault = conditionFault(condition);
      if (fault !== undefined) return faulty(fault);
      const need = await needOf(cluster, NID, condition);
      const question = { overlay: NID, condition, lack: need.lack, held: need.held ?? null };
      const answers = await membership.askAll<ListedHere>("list", question);
      const parts = [cluster.listedHere(NID, condition, need), ...answers.map(({ answer }) => answer)].filter(
        (part) => part !== undefined,
      );
      const contentType = parts[0]?.information.content_type;
      if (parts.length === 0) return { status: policy.unknownInQuery };
      const listed = parts.map(({ part }) => part);
      const peers = listOf(listed, contentType, condition, core.limits, need);
      core.promise(NID, peers, condition, need);
      if (need.lack > 0) void membership.askAll("promise", { overlay: NID, peers, condition, lack: need.lack });
      const fragment = core.adviceFrom(together(parts), contentType, condition, need);
      const list = { peer_id: peers, ...(fragment.length > 0 ? { fragment_list: { fragment } } : {}) };
      return { status: 200, body: { peer_list: list } };
    },

    async PAMP_PEER_INFO_QUERY(request, context) {
      const { NID, PID } = request.params;
      if (core.find(NID, PID) !== undefined) return own.PAMP_PEER_INFO_QUERY(request, context);
      const answers = await membership.askAll<{ at: number; body: PampPeerInfoQueryResponse }>("status", {
        overlay: NID,
        peer: PID,
      });
      const [latest] = answers.sort((a, b) => b.answer.at - a.answer.at);
      return latest === undefined ? { status: policy.unknownInQuery } : { status: 200, body: latest.answer.body };
    },
  };

  /** The answer of the one in charge, or of the next in charge where that one is gone; undefined where this PAMS is. */
  async function inCharge<T>(
    choose: () => Member,
    ask: (member: Member) => Promise<T | undefined>,
  ): Promise<{ readonly member: Member; readonly answer: T } | undefined> {
    let member = choose();
    for (let asked = 0; asked < 3 && member.base !== undefined; asked++) {
      const answer = await ask(member);
      if (answer !== undefined) return { member, answer };
      // One that is merely slow may have done it: it is asked again, and nobody else.
      if (!membership.others.includes(member)) member = choose();
    }
    return undefined;
  }
}

function overlayHere({ core }: Cluster, id: string): OverlayNetworkInformation | undefined {
  const overlay = core.overlays.get(id);
  return overlay === undefined ? undefined : informationOf(overlay);
}

async function needOf({ core, membership }: Cluster, overlay: string, condition: PeerQueryCondition): Promise<Need> {
  if (condition.requesting_peer === undefined) return noNeed;
  const here = core.needOf(overlay, condition);
  if (here !== undefined) return here;
  const [there] = await membership.askAll<{ lack: number; held: FragmentSetRow | null }>("need", {
    overlay,
    condition,
  });
  if (there === undefined) return noNeed;
  const { lack, held } = there.answer;
  return { lack, held: held === null ? undefined : FragmentSet.restore(held) };
}

function unavailable(status: number) {
  const detail = `the PAMS in charge answered ${status}`;
  return { status: 503, body: problem(503, { detail }) } as const;
}
