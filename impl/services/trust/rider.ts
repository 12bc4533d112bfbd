import { setTimeout as sleep } from "node:timers/promises";
import { startPampPeer } from "../../pamp-client/index.js";
import type { Message } from "../../peer/core/message.js";
import { createPeer } from "../../peer/index.js";
import { RawMember } from "../../peer/raw-member.js";
import type { PeerLink } from "../../peer/transport/overlay.js";
import { encodeReceiptBody } from "../../peer/wire/receipt-body.js";
import { receiptText } from "../../peer/wire/signed-texts.js";
import { patience, type Role, text } from "../stage/stage.js";

/** Requests under way per link, and fragments taken of one peer: about its part of the file. */
const [window, most] = [8, 24];

interface Taking {
  readonly theirs: Set<number>;
  /** Asked for or got. */
  readonly taken: Set<number>;
  waiting: number;
  serial: number;
}

/** Role: takes of everybody what they have, with receipts, and never says that it has anything, so that nobody asks. */
export const riderRole: Role = async (wishes, stage) => {
  const looker = await createPeer({ times: patience, ixs: text(wishes, "ixs"), listen: false });
  const indexFile = await looker.find({ title: text(wishes, "title") });
  const links = new Map<PeerLink, Taking>();
  const { overlay_network_id: overlay } = indexFile;
  const name = text(wishes, "name");
  const confirm = (link: PeerLink, serial: number, first: number, octets: number): void => {
    const runs = [{ first, count: 1 }];
    const receipt = { overlayId: overlay, receiver: name, sender: link.remote.peerId, serial, time: Date.now() };
    const body = encodeReceiptBody({ ...receipt, octets, runs });
    link.send({ type: "receipt", body, signature: member.key.signOctets(receiptText(body)) });
  };
  let got = 0;
  const received = (link: PeerLink, message: Message): void => {
    const taking = links.get(link);
    if (taking === undefined) return;
    for (const index of claimedIn(message)) taking.theirs.add(index);
    if (message.type === "fragment" && message.offset + message.payload.length === message.size) {
      got++;
      taking.waiting--;
      confirm(link, ++taking.serial, message.index, message.size);
    }
    if (message.type !== "refuse") return;
    for (const { first, count } of message.runs) {
      taking.waiting -= count;
      for (let index = first; index < first + count; index++) taking.taken.delete(index);
    }
  };
  const member = new RawMember(name, {
    opened: (link) => void links.set(link, { theirs: new Set(), taken: new Set(), waiting: 0, serial: 0 }),
    received,
  });
  const take = (): void => {
    for (const [link, taking] of links) {
      // The source peer is there to give: nobody owes it anything.
      if (taking.waiting > 0 || taking.taken.size >= most || link.remote.role === "source-peer") continue;
      const wanted = [...taking.theirs].filter((index) => !taking.taken.has(index)).slice(0, window);
      if (wanted.length === 0) continue;
      for (const index of wanted) taking.taken.add(index);
      taking.waiting += wanted.length;
      link.send({ type: "request", runs: wanted.sort((a, b) => a - b).map((first) => ({ first, count: 1 })) });
    }
  };
  const listed = await member.join(indexFile);
  // Its receipts count only where the PAMS knows its key.
  const { key, sessionKey } = member;
  const reports = startPampPeer({
    pams: text(wishes, "pams"),
    overlay,
    peer: name,
    publicKey: key.publicKey,
    sessionKey,
  });
  for (const { peer_id, addresses } of listed) await member.connect(peer_id, addresses).catch(() => undefined);
  stage.say({ event: "ready" });
  const over = stage.ended.then(() => true);
  while (!(await Promise.race([over, sleep(250, false)]))) take();
  stage.say({ event: "over", got });
  await reports.leave();
  await member.close();
  await looker.close();
};

function claimedIn(message: Message): number[] {
  if (message.type === "have") {
    return message.runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
  }
  if (message.type !== "buffermap") return [];
  const { first, bits } = message;
  return [...bits].flatMap((octet, at) =>
    Array.from({ length: 8 }, (_, bit) => bit).flatMap((bit) => (octet & (128 >> bit) ? [first + 8 * at + bit] : [])),
  );
}
