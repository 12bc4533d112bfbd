import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import { crPolicy } from "./cr-policy.js";
import type { Json } from "./messages.js";
import {
  closedAuth,
  creationOf,
  joinOf,
  keyOf,
  newPeer,
  overlayInfo,
  refreshOf,
  removalOf,
  reportOf,
} from "./messages.js";
import { accepted, create, joined, made, queryPath, tidy, view } from "./overlays.js";

interface Reading {
  readonly name: string;
  readonly title: string;
  readonly requirement: RequirementId;
  readonly erratum: ErratumId;
  /** The remark where the product refuses the reading. */
  readonly refusal: string;
  send(t: HomsTest): Promise<HttpReply>;
}

/** Other spellings and places that the text gives reason for. A product that refuses one is not at fault; one that breaks down is. */
const readings: readonly Reading[] = [
  {
    name: "creation-overlay",
    title: "a creation wrapped in overlay instead of overlay_info is taken",
    requirement: "HOMP-6.2.1-03",
    erratum: "E-HOMP-01",
    refusal: "overlay is refused as the wrapper of a creation",
    async send(t) {
      const overlay = overlayInfo(t);
      return tidy(t, overlay, await t.http.post("/homs", { body: { overlay }, malformed: true }));
    },
  },
  {
    name: "creation-unwrapped",
    title: "a creation without a wrapper is taken",
    requirement: "HOMP-6.2.1-03",
    erratum: "E-HOMP-01",
    refusal: "a creation without a wrapper is refused",
    async send(t) {
      const body = overlayInfo(t);
      return tidy(t, body, await t.http.post("/homs", { body, malformed: true }));
    },
  },
  {
    name: "admin-key",
    title: "an owner that writes admin-key instead of admin_key is known again",
    requirement: "HOMP-6.1.3-01",
    erratum: "E-HOMP-02",
    refusal: "the other spelling of admin_key is not taken",
    async send(t) {
      const overlay = await made(t);
      const auth = Object.fromEntries(
        Object.entries(overlay.auth).map(([name, value]) => [otherSpelling(name), value]),
      );
      return await t.http.delete("/homs", { body: removalOf({ ...overlay, auth }), malformed: true });
    },
  },
  {
    name: "access-key",
    title: "a peer that writes access-key instead of access_key is let in",
    requirement: "HOMP-6.1.3-04",
    erratum: "E-HOMP-02",
    refusal: "the other spelling of access_key is not taken",
    async send(t) {
      const key = t.unique("key");
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      const auth = Object.fromEntries(
        Object.entries(keyOf(t, key)).map(([name, value]) => [otherSpelling(name), value]),
      );
      return await t.http.post("/peer", { body: joinOf(overlay, newPeer(t), { auth }), malformed: true });
    },
  },
  {
    name: "access-key-alone",
    title: "a peer that shows its access key without auth.type is let in",
    requirement: "HOMP-6.1.3-04",
    erratum: "E-HOMP-52",
    refusal: "an access key without auth.type is not taken",
    async send(t) {
      const key = t.unique("key");
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      const { type: _, ...auth } = keyOf(t, key);
      return await t.http.post("/peer", { body: joinOf(overlay, newPeer(t), { auth }), malformed: true });
    },
  },
  {
    name: "address-capital",
    title: "a join that writes Address instead of address is taken",
    requirement: "HOMP-6.2.5-08",
    erratum: "E-HOMP-04",
    refusal: "Address is not taken for address",
    async send(t) {
      const peer = newPeer(t);
      const body = joinOf(await made(t), peer);
      const info = { "peer-id": peer.peerId, Address: peer.address, auth: { password: peer.password } };
      return await t.http.post("/peer", { body: { ...body, peer: info }, malformed: true });
    },
  },
  {
    name: "report-nested-status",
    title: "a report whose PEER_STATUS is one level deeper than usual is taken",
    requirement: "HOMP-6.2.6-03",
    erratum: "E-HOMP-23",
    refusal: "the other level of PEER_STATUS is refused",
    async send(t) {
      const member = await joined(t, await made(t));
      const { status, ...body } = reportOf(t, member.overlayId, member);
      const other = t.dialect.report === "flat" ? { status } : status.status;
      return await t.http.post("/peer/report", { body: { ...body, status: other }, malformed: true });
    },
  },
  {
    name: "costmap-of-objects",
    title: "a report whose cost map lists objects with peer-id is taken",
    requirement: "HOMP-6.2.6-03",
    erratum: "E-HOMP-51",
    refusal: "a cost map of objects is refused",
    async send(t) {
      const overlay = await made(t);
      const [member, other] = [await joined(t, overlay), await joined(t, overlay)];
      const costmap = {
        primary: [{ "peer-id": other.peerId, cost: 1 }],
        outgoing_candidate: [],
        incoming_candidate: [],
      };
      const status = { num_primary: 1, num_out_candidate: 0, num_in_candidate: 0, costmap };
      return await t.http.post("/peer/report", {
        body: { ...reportOf(t, overlay.id, member), status },
        malformed: true,
      });
    },
  },
  {
    name: "recovery-in-peer",
    title: "a recovery and its ticket in the peer object do no harm",
    requirement: "HOMP-6.2.5-06",
    erratum: "E-HOMP-09",
    refusal: "recovery and ticket-id in peer are refused",
    async send(t) {
      const overlay = await made(t);
      const body = joinOf(overlay, newPeer(t));
      return await t.http.post("/peer", {
        body: { ...body, peer: { ...(body.peer as Json), recovery: false } },
        malformed: true,
      });
    },
  },
  {
    name: "trailing-slash-homs",
    title: "a query of /homs/ finds what /homs does",
    requirement: "HOMP-6.2-03",
    erratum: "E-HOMP-12",
    refusal: "the trailing slash of /homs/ is not taken",
    async send(t) {
      const { id } = await made(t);
      return await t.http.get(queryPath({ "overlay-id": id }).replace("/homs?", "/homs/?"), { malformed: true });
    },
  },
  {
    name: "trailing-slash-peer",
    title: "a refresh of /peer/ does what /peer does",
    requirement: "HOMP-6.2-03",
    erratum: "E-HOMP-12",
    refusal: "the trailing slash of /peer/ is not taken",
    async send(t) {
      const member = await joined(t, await made(t));
      return await t.http.put("/peer/", { body: refreshOf(member.overlayId, member), malformed: true });
    },
  },
  {
    name: "number-as-text",
    title: "a lifetime written as a decimal string is taken",
    requirement: "HOMP-6.2.1-08",
    erratum: "E-HOMP-06",
    refusal: "a lifetime written as a string is refused",
    send: (t) => create(t, creationOf(t, overlayInfo(t, { expires: "600" })), { malformed: true }),
  },
];

const readingCases = readings.map(({ name, title, requirement, erratum, refusal, send }) =>
  defineCase({
    id: `homs/tolerance/${name}`,
    title,
    requirements: [requirement],
    errata: [erratum],
    group: "behaviour",
    async run(t) {
      const reply = await send(t);
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, { what: "the status", entry: reply.entry });
      if (!accepted.test(reply)) t.warn(`${refusal} (${erratum})`);
    },
  }),
);

/** What a tolerated spelling means has to be the same. */
const meaningCases = [
  defineCase({
    id: "homs/tolerance/recovery-by",
    title: "recovery_by, where it is taken, means recovery-by",
    requirements: ["HOMP-6.1.1-12"],
    errata: ["E-HOMP-26"],
    group: "behaviour",
    async run(t) {
      const policy = { mN_Cache: 4, mD_Cache: 30, recovery_by: "pull" };
      const reply = await create(t, creationOf(t, overlayInfo(t, { "cr-policy": policy })), { malformed: true });
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, { what: "the status", entry: reply.entry });
      const literal = { mN_Cache: 4, mD_Cache: 30, "recovery-by": "pull" };
      if (!accepted.test(reply)) t.warn("recovery_by is refused (E-HOMP-26)");
      else if (!crPolicy(literal).test(reply.get("overlay.cr-policy"))) t.warn("recovery_by is ignored (E-HOMP-26)");
    },
  }),
  defineCase({
    id: "homs/tolerance/trans-policy-on-creation",
    title: "trans_policy in a creation, under either spelling, does no harm and is unchanged where it comes back",
    requirements: ["HOMP-6.1.1-13"],
    errata: ["E-HOMP-03"],
    group: "behaviour",
    async run(t) {
      for (const name of ["trans_policy", "trans-policy"]) {
        const policy = { floor: t.unique("peer") };
        const info = overlayInfo(t, { [name]: policy });
        const reply = await create(t, creationOf(t, info), { malformed: true });
        t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, { what: "the status", entry: reply.entry });
        if (!accepted.test(reply)) {
          t.warn(`${name} in a creation is refused (E-HOMP-03)`);
          continue;
        }
        const id = t.needString(reply.get("overlay.overlay-id"), "overlay-id");
        const entry = await view(t, { id, ownerId: "", auth: {} });
        t.oneOf(entry.trans_policy ?? entry["trans-policy"], [policy, undefined], { what: "trans_policy in a query" });
      }
    },
  }),
];

function otherSpelling(name: string): string {
  return name.includes("_") ? name.replace("_", "-") : name.replace("-", "_");
}

/** Readings beside the literal one: taken or refused, and remarked on; never a failure unless the product breaks down. */
export const toleranceCases = [...readingCases, ...meaningCases];
