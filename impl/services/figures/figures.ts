import { peerRole as fetcherRole } from "../file/peer.js";
import { sourceRole } from "../file/source.js";
import { dataSourceRole } from "../sensors/data-source.js";
import { peerRole as receiverRole } from "../sensors/peer.js";
import { sourcePeerRole } from "../sensors/source-peer.js";
import type { Finding, Production, Service } from "../stage/direct.js";
import { activityFigures } from "./activity.js";
import { classes } from "./classes.js";
import { discovery } from "./discovery.js";
import { feederRole } from "./feeder.js";
import { helpers } from "./helpers.js";
import { holders } from "./holders.js";
import { memberRole } from "./member.js";
import { rarest } from "./rarest.js";
import { signatures } from "./signatures.js";
import { streamingFigures } from "./streaming.js";
import { reportingServers } from "./swarm.js";
import { swarmPeerRole } from "./swarm-peer.js";

/** Every figure of X.609.1 [8] and of X.609.10 [7.1], played through one after another. */
export const figures: Service = {
  description: "each figure of X.609.1 [8] and X.609.10 [7.1], with every entity a process of its own",
  options: {},
  servers: ["pams", "unis", "ums", "ixs", "oms", "cs"],
  // What is reported once counts for as long as a figure takes.
  serverWishes: { reportInterval: 60 },
  roles: {
    member: memberRole,
    source: sourceRole,
    fetcher: fetcherRole,
    feeder: feederRole,
    "swarm-peer": swarmPeerRole,
    "data-source": dataSourceRole,
    "source-peer": sourcePeerRole,
    receiver: receiverRole,
  },
  direct,
};

async function direct(production: Production): Promise<readonly Finding[]> {
  const { tell } = production;
  const findings: Finding[] = [];
  const parts: readonly ((production: Production) => Promise<Finding | readonly Finding[]>)[] = [
    streamingFigures,
    activityFigures,
    discovery,
    async (all) => {
      const urls = await reportingServers(all, "reporting", 50);
      return [await holders(all, urls), await helpers(all, urls), ...(await rarest(all, urls))];
    },
    async (all) => await classes(all, await reportingServers(all, "classes", 3)),
    signatures,
  ];
  for (const part of parts) {
    const found = [await part(production)].flat();
    for (const { what, holds, seen } of found) tell(holds ? `played: ${what}` : `FAILED: ${what} (${seen})`);
    findings.push(...found);
  }
  return findings;
}
