import { randomBytes } from "node:crypto";
import type { Descriptors, Message } from "../../peer/core/message.js";
import { createPeer } from "../../peer/index.js";
import { RawMember } from "../../peer/raw-member.js";
import type { PeerLink } from "../../peer/transport/overlay.js";
import { count, patience, type Role, text } from "../stage/stage.js";

/** Role: claims to hold whatever it has heard of, and answers every request with octets of the right number and no sense. */
export const corrupterRole: Role = async (wishes, stage) => {
  const looker = await createPeer({ times: patience, ixs: text(wishes, "ixs"), listen: false });
  const indexFile = await looker.find({ title: text(wishes, "title") });
  const fragments = count(wishes, "fragments");
  const genuine: Descriptors[] = [];
  const told = new Map<PeerLink, Set<Descriptors>>();
  let sent = 0;
  const answer = (link: PeerLink, message: Message): void => {
    if (message.type === "descriptors") {
      genuine.push(message);
      for (const other of told.keys()) claim(other, [message]);
      if (genuine.length === 1) stage.say({ event: "armed" });
    }
    if (message.type !== "request") return;
    for (const { first, count: run } of message.runs) {
      for (let index = first; index < first + run; index++) corrupt(link, index);
    }
  };
  const claim = (link: PeerLink, known: readonly Descriptors[]): void => {
    if (link.remote.role === "source-peer") return;
    for (const { first, items } of known) link.send({ type: "have", runs: [{ first, count: items.length }] });
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
      // A little is fetched of the source peer, for what it says of its fragments: it tells of up to 64 at a time.
      const runs = Array.from({ length: Math.ceil(fragments / 16) }, (_, at) => ({ first: 16 * at, count: 1 }));
      if (link.remote.role === "source-peer") link.send({ type: "request", runs });
      claim(link, genuine);
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
