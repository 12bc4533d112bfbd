import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Finding, Production } from "../stage/direct.js";
import { createOverlay } from "./overlay.js";

/** Figure 7: an OMS that knows one of several PAMSs; overlay networks and peers find the one in charge of them by a DHT [8.2.1]. */
export async function discovery({ cast, folder, urls }: Production): Promise<Finding> {
  const bootstrap: string[] = [];
  const pams: string[] = [];
  for (const name of ["pams-a", "pams-b", "pams-c"]) {
    const actor = cast.start("pams", name, { store: join(folder, `${name}.sqlite`), dht: [...bootstrap] });
    const said = await actor.heard("ready");
    pams.push(String(said.url));
    bootstrap.push(`127.0.0.1:${String(said.dhtPort)}`);
  }
  const known = async (url: string): Promise<unknown> =>
    ((await (await fetch(`${url}/healthz`)).json()) as { pams?: unknown }).pams;
  for (let looks = 0; looks < 100; looks++) {
    const seen = await Promise.all(pams.map(known));
    if (seen.every((one) => one === pams.length)) break;
    await sleep(200);
  }
  const oms = cast.start("oms", "oms-of-a", { store: join(folder, "oms-of-a.sqlite"), pams: pams[0] });
  const own = { ...urls, pams: pams[0] ?? "", oms: String((await oms.heard("ready")).url) };
  const overlay = await createOverlay({ cast, urls: own });
  const members = await Promise.all(Array.from({ length: 12 }, (_, at) => overlay.member(`peer-${at + 1}`)));
  const ready = members.map(({ said }) => said.find(({ event }) => event === "ready"));
  const asked = new Set(ready.map((one) => String(one?.pams)));
  const inCharge = new Set(ready.map((one) => new URL(String(one?.inCharge)).port));
  await overlay.remove();
  return {
    what: "X.609.1 figure 7: three PAMSs share the peers of an overlay network whose OMS knows one of them",
    holds: asked.size === 1 && inCharge.size === 3,
    seen: `told of ${[...asked]}; ${inCharge.size} PAMSs in charge of ${members.length} peers`,
  };
}
