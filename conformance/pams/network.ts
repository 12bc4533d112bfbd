import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { HttpReply } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { accepted, elementOf, idsOf } from "./answers.js";
import type { PamsTest } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, idIn, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { listPeers, queryPeer, registerOverlay, registerPeer, report } from "./primitives.js";

/** Set-up: what a case needs and does not judge. */
function ready(t: PamsTest, what: string, reply: HttpReply): void {
  if (!accepted.test(reply)) t.inconclusive(`${what} got ${reply.outcome}`);
}

/** A registered overlay network; gives its ID. */
export function overlayNetwork(t: PamsTest, more: Json = {}): Promise<string> {
  return t.setup("an overlay network", async () => {
    const body = overlayOf(t, more);
    ready(t, "a valid overlay registration", await registerOverlay(t, body));
    return idIn(body, "overlay_network_information") ?? "";
  });
}

/** A registered peer that has reported once, if anything is given to report; gives its ID. */
export function peerIn(t: PamsTest, NID: string, dynamic?: Json, profile?: Json, id?: string): Promise<string> {
  return t.setup("a peer", async () => {
    const body = peerOf(t, id === undefined ? {} : { peer_id: id });
    ready(t, "a valid peer registration", await registerPeer(t, NID, body));
    const PID = idIn(body, "peer_information") ?? "";
    if (dynamic !== undefined || profile !== undefined) {
      ready(t, "a valid report", await report(t, NID, PID, reportOf(t, dynamic, profile)));
    }
    return PID;
  });
}

/** One peer for each report, registered and reporting in the order given, which is also that of their IDs. */
export async function peersIn(t: PamsTest, NID: string, reports: readonly Json[]): Promise<string[]> {
  const name = t.unique("peer");
  const ids: string[] = [];
  for (const dynamic of reports) ids.push(await peerIn(t, NID, dynamic, undefined, `${name}-${ids.length + 1}`));
  return ids;
}

/** What a refused or odd message must leave as it was. */
export interface Witness {
  readonly overlay: string;
  readonly peer: string;
  /** Judges that it still is. */
  intact(requirement: RequirementId): Promise<void>;
}

/** The members that a model has, in its order. */
export function likewise(value: unknown, model: unknown): unknown {
  if (!isObject(value) || !isObject(model)) return value;
  return Object.fromEntries(Object.keys(model).map((name) => [name, likewise(value[name], model[name])]));
}

/** An overlay network with one peer and its report, and the answers about them. */
export async function witness(t: PamsTest): Promise<Witness> {
  const overlay = await overlayNetwork(t);
  const peer = await peerIn(t, overlay, dynamicStatus(), staticStatus());
  const look = async () => ({
    peers: idsOf(t, await listPeers(t, overlay, { max_peer_num: 10 })),
    // What an answer has beside the Recommendation's members may be another one each time.
    status: likewise(elementOf(t, await queryPeer(t, overlay, peer), "peer_status"), {
      dynamic_status: dynamicStatus(),
      static_status: staticStatus(),
    }),
  });
  const before = await t.setup("the state before", look);
  return {
    overlay,
    peer,
    intact: async (requirement) => {
      t.equal(await look(), before, {
        requirement,
        what: "the peers of the overlay network and their status afterwards",
      });
    },
  };
}
