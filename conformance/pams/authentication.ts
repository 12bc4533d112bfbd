import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Http, HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import { accepted, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import { wantsCredentials } from "./declaration.js";
import { dynamicStatus, overlayOf, peerOf, reportOf } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import type { Sending } from "./primitives.js";
import {
  deregisterOverlay,
  deregisterPeer,
  listPeers,
  queryPeer,
  registerOverlay,
  registerPeer,
  report,
} from "./primitives.js";
import { refuses } from "./refusals.js";

interface Guarded {
  readonly name: string;
  readonly operation: string;
  readonly requirement: RequirementId;
  /** Does what it needs first, with credentials, and gives the request itself. */
  readonly prepare: (t: PamsTest) => Promise<(as: Sending) => Promise<HttpReply>>;
}

const guarded: readonly Guarded[] = [
  {
    name: "overlay-registration",
    operation: "PAMP_OVERLAY_NW_REG",
    requirement: "PAMP-9.2.1-06",
    prepare: async (t) => (as) => registerOverlay(t, overlayOf(t), as),
  },
  {
    name: "overlay-deregistration",
    operation: "PAMP_OVERLAY_NW_DEREG",
    requirement: "PAMP-9.2.2-04",
    prepare: async (t) => {
      const overlay = await overlayNetwork(t);
      return (as) => deregisterOverlay(t, overlay, as);
    },
  },
  {
    name: "peer-registration",
    operation: "PAMP_PEER_REG",
    requirement: "PAMP-9.2-03",
    prepare: async (t) => {
      const overlay = await overlayNetwork(t);
      return (as) => registerPeer(t, overlay, peerOf(t), as);
    },
  },
  {
    name: "peer-deregistration",
    operation: "PAMP_PEER_DEREG",
    requirement: "PAMP-9.2.4-04",
    prepare: async (t) => {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      return (as) => deregisterPeer(t, overlay, peer, as);
    },
  },
  {
    name: "status-report",
    operation: "PAMP_PEER_STATUS_REPORT",
    requirement: "PAMP-9.2-03",
    prepare: async (t) => {
      const { overlay, peer } = await witness(t);
      return (as) => report(t, overlay, peer, reportOf(t, dynamicStatus()), as);
    },
  },
  {
    name: "list-query",
    operation: "PAMP_PEER_LIST_QUERY",
    requirement: "PAMP-9.2.6-06",
    prepare: async (t) => {
      const { overlay } = await witness(t);
      return (as) => listPeers(t, overlay, { max_peer_num: 10 }, as);
    },
  },
  {
    name: "peer-info-query",
    operation: "PAMP_PEER_INFO_QUERY",
    requirement: "PAMP-9.2.7-05",
    prepare: async (t) => {
      const { overlay, peer } = await witness(t);
      return (as) => queryPeer(t, overlay, peer, as);
    },
  },
];

/** An instrument that shows no credentials. */
const stranger = (t: PamsTest): Http => t.http.with({ headers: {} });

/** What a product declared to want credentials does without them, or with wrong ones (E-PAMP-23). */
export const authenticationCases = [
  ...guarded.map(({ name, operation, requirement, prepare }) =>
    defineCase({
      id: `pams/authentication/${name}`,
      title: `${operation} without credentials is answered 401 and has no effect, and with credentials it works`,
      requirements: requirement === "PAMP-9.2-03" ? [requirement] : [requirement, "PAMP-9.2-03"],
      errata: ["E-PAMP-23"],
      needs: (declared) => wantsCredentials(declared, operation),
      group: "behaviour",
      async run(t) {
        let request = await prepare(t);
        await refuses(t, {
          what: `${operation} without credentials`,
          requirement,
          valid: () => ({ credentials: true }),
          send: async ({ credentials }, as) => {
            const reply = await request(credentials ? as : { ...as, http: stranger(t) });
            if (credentials) request = await prepare(t);
            return reply;
          },
          delta: (message) => ({ ...message, credentials: false }),
          permitted: status(401),
          reason: (reply) => {
            if (reply.headers["www-authenticate"] === undefined) t.warn("401 without WWW-Authenticate (E-PAMP-23)");
          },
        });
        // That it still can be done shows that the refused request did not do it.
        const reply = await request({});
        succeeds(t, reply, { requirement: "PAMP-9.2-03", what: `the status of the same with credentials, after 401` });
      },
    }),
  ),
  defineCase({
    id: "pams/authentication/wrong-credentials",
    title: "wrong credentials are refused as none are",
    requirements: ["PAMP-9.2-03"],
    errata: ["E-PAMP-23"],
    needs: (declared) => guarded.some(({ operation }) => wantsCredentials(declared, operation)),
    group: "behaviour",
    async run(t) {
      for (const { operation, prepare } of guarded) {
        if (!wantsCredentials(t.declared, operation)) continue;
        const request = await prepare(t);
        const http = t.http.with({ headers: { authorization: `Bearer ${t.random.hex(32)}` } });
        const reply = await request({ http });
        t.answers(reply, status(401, 403), { what: `the status of ${operation} with wrong credentials` });
        await t.setup("the same with the right ones", async () => {
          const right = await request({});
          if (!accepted.test(right)) t.inconclusive(`${operation} with credentials got ${right.outcome}`);
        });
      }
    },
  }),
];
