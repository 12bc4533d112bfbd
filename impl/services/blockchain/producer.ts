import { setTimeout as sleep } from "node:timers/promises";
import { createAndJoin, joinByTitle, startServicePeer } from "../stage/hybrid-peer.js";
import { count, type Role } from "../stage/stage.js";
import { type Block, Chain } from "./chain.js";
import { createWallet, faultOf, type Transaction } from "./transaction.js";

export const CORE_TITLE = "blockchain";
export const MESH_TITLE = "blocks";
export const APP_ID = "blockchain";

type Message = { readonly transaction: Transaction } | { readonly block: Block };

const textOf = (payload: Uint8Array): string => new TextDecoder().decode(payload);

/** A block off the network. @throws SyntaxError or Error for octets that hold none */
export function parseBlock(payload: Uint8Array): Block {
  const { block } = JSON.parse(textOf(payload)) as { block?: Block };
  if (block === undefined || !Array.isArray(block.transactions)) throw new Error("a block is wanted");
  return block;
}

/**
 * Role: a block producer, a member of the core tree [Q.4100 9.2]. Every producer makes transactions, which all others get at once over
 * the tree, and blocks of those that it knows. One of them is the source of the SubMesh too, and pushes each block there [step 6].
 */
export const producerRole: Role = async (wishes, stage) => {
  const peer = await startServicePeer(wishes);
  const core =
    wishes.creates === true
      ? await createAndJoin(peer, { title: CORE_TITLE, type: "core", subType: "tree", cache: 1000, recovery: "push" })
      : await joinByTitle(peer, CORE_TITLE);
  const wallet = createWallet();
  const chain = new Chain();
  const known = new Map<string, Transaction>();
  const tree = core.network.application(APP_ID);
  const mesh =
    wishes.feedsMesh === true
      ? await createAndJoin(peer, { title: MESH_TITLE, type: "sub", subType: "mesh", cache: 100_000, recovery: "pull" })
      : undefined;
  const total = count(wishes, "transactions");
  const padding = "x".repeat(count(wishes, "memoOctets"));
  const send = (message: Message): void => void tree.send(JSON.stringify(message), { payloadType: "application/json" });
  const push = (block: Block): void => {
    stage.say({
      event: "block",
      height: block.height,
      producer: block.producer,
      transactions: block.transactions.length,
    });
    mesh?.network.application(APP_ID).send(JSON.stringify({ block }), { payloadType: "application/json" });
  };

  tree.onData(({ payload, source }) => {
    try {
      const message = JSON.parse(textOf(payload)) as Partial<{ transaction: Transaction; block: Block }>;
      if (message.transaction !== undefined) {
        const fault = faultOf(message.transaction);
        if (fault !== undefined) throw new Error(fault);
        known.set(message.transaction.id, message.transaction);
      } else if (chain.add(parseBlock(payload))) push(message.block as Block);
    } catch (error) {
      stage.say({ event: "refused", source, reason: (error as Error).message });
    }
  });

  const unconfirmed = (): Transaction[] => {
    const confirmed = new Set(chain.main.flatMap(({ transactions }) => transactions.map(({ id }) => id)));
    return [...known.values()].filter(({ id }) => !confirmed.has(id));
  };
  let over = false;
  async function transact(): Promise<void> {
    for (let n = 1; n <= total && !over; n++) {
      const transaction = wallet.transaction(`${peer.peerId} ${n} ${padding}`);
      known.set(transaction.id, transaction);
      send({ transaction });
      stage.say({ event: "transaction", id: transaction.id });
      await sleep(count(wishes, "periodMs"));
    }
    stage.say({ event: "finished" });
  }
  async function produce(): Promise<void> {
    while (!over) {
      // Producers look for a block at different times; where two find one at once, the chain forks, and the next block decides.
      await sleep(200 + Math.random() * 400);
      const transactions = unconfirmed();
      if (transactions.length === 0) continue;
      const block = chain.make(peer.peerId, transactions);
      send({ block });
      push(block);
    }
  }
  stage.onTold((word) => {
    if (word === "begin") void transact();
    if (word === "begin") void produce();
    if (word === "tip") {
      const { hash, height } = chain.tip;
      stage.say({ event: `tip`, hash, height, unconfirmed: unconfirmed().length });
    }
  });
  stage.say({ event: "ready", peer: peer.peerId });
  await stage.ended;
  over = true;
  await peer.close();
};
