import type { HttpReply } from "../engine/http.js";
import { accepted, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import { wantsCredentials } from "./declaration.js";
import { dynamicStatus, idIn, peerOf, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork } from "./network.js";
import { listPeers, queryPeer, registerPeer, report } from "./primitives.js";

/** Private things that the suite tells the product of a peer; an address of a documentation range. */
const ADDRESS = "198.51.100.77";

interface Secrets {
  readonly overlay: string;
  readonly peer: string;
  readonly words: Readonly<Record<string, string>>;
}

/** A peer that registers and reports with a password, a key and an address of its own (E-PAMP-62). */
async function confiding(t: PamsTest): Promise<Secrets> {
  const overlay = await overlayNetwork(t);
  const words = { password: t.random.hex(24), key: t.random.hex(24), address: ADDRESS };
  const headers = { "x-forwarded-for": ADDRESS, forwarded: `for=${ADDRESS}` };
  const body = peerOf(t, { password: words.password, private_key: words.key, ip_address: ADDRESS });
  const peer = idIn(body, "peer_information") ?? "";
  await t.setup("a peer with secrets", async () => {
    // Members that the Recommendation does not name may be refused: then there is nothing to give away.
    const registered = await registerPeer(t, overlay, body, { headers });
    if (!accepted.test(registered)) t.inconclusive(`a registration with further members got ${registered.outcome}`);
    const reported = await report(t, overlay, peer, reportOf(t, dynamicStatus(), staticStatus()), { headers });
    if (!accepted.test(reported)) t.inconclusive(`a valid report got ${reported.outcome}`);
  });
  return { overlay, peer, words };
}

function keepsSecret(t: PamsTest, reply: HttpReply, { words }: Secrets, what: string): void {
  const head = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}`);
  for (const [name, word] of Object.entries(words)) {
    const told = reply.text.includes(word) || head.some((line) => line.includes(word));
    t.that(!told, `no ${name} of the peer`, reply.outcome, { what, entry: reply.entry });
  }
}

/** Secrets of peers stay where they are [7.1.3]; graded apart from conformance. */
export const privacyCases = [
  defineCase({
    id: "pams/privacy/not-disclosed",
    title: "a query for one peer gives away neither password, key nor address of the peer",
    requirements: ["PAMP-REQ-SEC-02"],
    errata: ["E-PAMP-62"],
    group: "behaviour",
    security: true,
    async run(t) {
      const secrets = await confiding(t);
      const reply = await queryPeer(t, secrets.overlay, secrets.peer);
      succeeds(t, reply, { what: "the status of a query for one peer" });
      keepsSecret(t, reply, secrets, "the answer to a query for one peer");
      const again = await registerPeer(t, secrets.overlay, peerOf(t, { peer_id: secrets.peer }));
      keepsSecret(t, again, secrets, "the answer to a stranger who registers the same peer ID");
    },
  }),
  defineCase({
    id: "pams/privacy/not-distributed",
    title: "a list answer gives away neither password, key nor address of a peer",
    requirements: ["PAMP-REQ-SEC-03"],
    errata: ["E-PAMP-62"],
    group: "behaviour",
    security: true,
    async run(t) {
      const secrets = await confiding(t);
      for (const condition of [{}, { ordering: "UPLOADED", peer_id: [secrets.peer] }]) {
        const reply = await listPeers(t, secrets.overlay, { max_peer_num: 10, ...condition });
        succeeds(t, reply, { what: "the status of a list query" });
        keepsSecret(t, reply, secrets, "the answer to a list query");
      }
      const open = ["PAMP_PEER_LIST_QUERY", "PAMP_PEER_INFO_QUERY"].filter((one) => !wantsCredentials(t.declared, one));
      if (open.length > 0) t.warn(`no credentials are declared to be wanted for ${open.join(" and ")} (E-PAMP-62)`);
    },
  }),
];
