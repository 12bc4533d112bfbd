import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Finding, Production } from "../stage/direct.js";

interface OperatorView {
  readonly receipts: { readonly confirmed: number };
  readonly peers: readonly unknown[];
}

/** Figure 13: receipts that receiver and sender sign, and the PAMS verifies [8.2.6]. At servers of its own, where receipts count. */
export async function signatures({ cast, folder, urls }: Production): Promise<Finding> {
  const store = (name: string) => ({ store: join(folder, `${name}.sqlite`) });
  const server = async (role: string, wishes: object): Promise<string> =>
    String((await cast.start(role, `${role}-signed`, { ...store(`${role}-signed`), ...wishes }).heard("ready")).url);
  const pams = await server("pams", { receipts: "check", operator: "operator" });
  const servers = { pams, ixs: urls.ixs, oms: await server("oms", { pams }) };
  const path = join(folder, "signed");
  writeFileSync(path, randomBytes(1_000_000));
  const title = "A file with receipts";
  const source = cast.start("source", "peer-b", {
    ...servers,
    file: path,
    title,
    fragmentSize: 65_536,
    uploadRate: 10_000_000,
  });
  await source.heard("ready");
  const receiver = cast.start("fetcher", "peer-a", {
    ...servers,
    title,
    folder: join(folder, "peer-a"),
    uploadRate: 10_000_000,
  });
  await receiver.heard("ready");
  receiver.tell("begin");
  await receiver.heard("complete");
  let view: OperatorView = { receipts: { confirmed: 0 }, peers: [] };
  for (let looks = 0; looks < 60 && view.receipts.confirmed === 0; looks++) {
    await sleep(100);
    const reply = await fetch(`${pams}/operator/reports`, { headers: { authorization: "Bearer operator" } });
    view = (await reply.json()) as OperatorView;
  }
  await source.stop();
  await receiver.stop();
  return {
    what: "X.609.1 figure 13: receipts with both signatures reach the PAMS and are verified",
    holds: view.receipts.confirmed > 0 && view.peers.length === 0,
    seen: `${view.receipts.confirmed} confirmed, ${view.peers.length} under suspicion`,
  };
}
