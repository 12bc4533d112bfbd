import { randomBytes } from "node:crypto";
import type { Descriptors, Message } from "../../peer/core/message.js";
import { createPeer } from "../../peer/index.js";
import { claimAll, RawMember } from "../../peer/raw-member.js";
import type { PeerLink } from "../../peer/transport/overlay.js";
import { count, type Role, text } from "../stage/stage.js";

/** Role: claims to hold everything, and answers every request with octets of the right number and no sense. */
export const corrupterRole: Role = async (wishes, stage) => {
  const looker = await createPeer({ ixs: text(wishes, "ixs"), listen: false });
  const indexFile = await looker.find({ title: text(wishes, "title") });
  const fragments = count(wishes, "fragments");
  const genuine: Descriptors[] = [];
  const told = new WeakMap<PeerLink, Set<Descriptors>>();
  let sent = 0;
  const answer = (link: PeerLink, message: Message): void => {
    if (message.type === "descriptors") genuine.push(message);
    if (message.type !== "request") return;
    for (const { first, count: run } of message.runs) {
      for (let index = first; index < first + run; index++) corrupt(link, index);
    }
  };
  const corrupt = (link: PeerLink, index: number): void => {
    const its = genuine.find(({ first, items }) => index >= first && index < first + items.length);
    const size = its?.items[index - its.first]?.size;
    if (its === undefined || size === undefined) {
      return void link.send({ type: "refuse", reason: "busy", runs: [{ first: index, count: 1 }] });
    }
    if (told.get(link)?.has(its) === false) link.send(its);
    told.get(link)?.add(its);
    link.send({ type: "fragment", index, offset: 0, size, payload: randomBytes(size) });
    sent++;
  };
  const member = new RawMember(text(wishes, "name"), {
    opened(link) {
      told.set(link, new Set());
      // A little is fetched of the source peer, for what it says of its fragments: it tells of 64 at a time.
      const runs = Array.from({ length: Math.ceil(fragments / 64) }, (_, at) => ({ first: 64 * at, count: 1 }));
      if (link.remote.role === "source-peer") link.send({ type: "request", runs });
      link.send(claimAll(fragments));
    },
    received: answer,
  });
  const listed = await member.join(indexFile);
  const source = listed.find(({ role }) => role === "source-peer");
  if (source !== undefined) await member.connect(source.peer_id, source.addresses);
  stage.say({ event: "ready" });
  await stage.ended;
  stage.say({ event: "over", sent });
  await member.close();
  await looker.close();
};
