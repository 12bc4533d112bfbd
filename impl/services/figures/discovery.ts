import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createOmsClient } from "../../../generated/oms/index.js";
import { unwrap } from "../../../generated/runtime/http-result.js";
import type { Finding, Production } from "../stage/direct.js";
import { createOverlay } from "./overlay.js";

/** Figure 7: an OMS that knows one of several PAMSs; overlay networks and peers find the one in charge of them by a DHT [8.2.1]. */
export async function discovery({ cast, folder, urls }: Production): Promise<Finding> {
  const bootstrap: string[] = [];
  const pams: string[] = [];
  for (const name of ["pams-a", "pams-b", "pams-c"]) {
    const actor = cast.start("pams", name, {
      store: join(folder, `${name}.sqlite`),
      dht: [...bootstrap],
      // Its members report once: that is to count as long as the figure takes.
      reportInterval: 60,
    });
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
  // Which PAMS an overlay network begins at follows from its identifier: one is wanted that does not begin at the PAMS that the OMS asks.
  const isElsewhere = async (id: string): Promise<boolean> => {
    const facts = unwrap(await createOmsClient({ baseUrl: own.oms }).OMS_OVERLAY_QUERY({ params: { NID: id } }));
    return portOf(facts.overlay_network.pams_url) !== portOf(own.pams);
  };
  let overlay = await createOverlay({ cast, urls: own });
  for (let tries = 0; tries < 30 && !(await isElsewhere(overlay.id)); tries++) {
    await overlay.remove();
    overlay = await createOverlay({ cast, urls: own });
  }
  const members = await Promise.all(Array.from({ length: 12 }, (_, at) => overlay.member(`peer-${at + 1}`)));
  const ready = members.map(({ said }) => said.find(({ event }) => event === "ready"));
  const begun = new Set(ready.map((one) => portOf(one?.pams)));
  const inCharge = ready.map((one) => portOf(one?.inCharge));
  const all = new Set(pams.map(portOf));
  const [told = ""] = begun;
  const registered = (await Promise.all(pams.map(peersAt))).reduce((sum, one) => sum + one, 0);
  await overlay.remove();
  return {
    what: "X.609.1 figure 7: the OMS asks one PAMS, its peers are told of another one, and that leads them to the one in charge of each",
    holds:
      begun.size === 1 &&
      all.has(told) &&
      told !== portOf(own.pams) &&
      inCharge.every((one) => all.has(one)) &&
      new Set(inCharge).size > 1 &&
      registered === members.length,
    seen: `asked ${portOf(own.pams)}, told of ${told}; ${new Set(inCharge).size} of ${pams.length} PAMSs in charge of ${registered} peers`,
  };
}

const portOf = (url: unknown): string => new URL(String(url)).port;

async function peersAt(url: string): Promise<number> {
  return Number(((await (await fetch(`${url}/healthz`)).json()) as { peers?: unknown }).peers);
}
