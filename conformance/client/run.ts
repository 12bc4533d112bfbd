import type { RunContext } from "../engine/entity.js";
import type { HttpHost } from "./http-host.js";
import { hostHttp } from "./http-host.js";
import type { Arrived } from "./http-reader.js";
import type { ClientRequest } from "./request.js";
import type { StandIn } from "./stand-in.js";

/** One request of the product's, and the case that heard it. */
export interface Heard {
  readonly caseId: string;
  readonly request: ClientRequest;
}

/** With `--listen` there is one address for the whole run, handed from case to case. */
export interface SharedHost {
  /** Where it listens; other stand-ins listen on the same interface. */
  readonly host: string;
  use(standIn: StandIn): void;
  release(standIn: StandIn): void;
}

/** What all cases of a run against one product share. */
export interface ClientRun {
  /** Without what it sent where the suite answered wrongly on purpose. */
  readonly heard: Heard[];
  shared: SharedHost | undefined;
}

const runs = new WeakMap<RunContext, ClientRun>();

export function clientRun(run: RunContext): ClientRun {
  let found = runs.get(run);
  if (!found) {
    found = { heard: [], shared: undefined };
    runs.set(run, found);
  }
  return found;
}

/** Listens on `http://host:port` until the run is over. What arrives between two cases is kept for the next one. */
export async function shareHost(run: RunContext, address: string): Promise<() => Promise<void>> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const kept: Arrived[] = [];
  let user: StandIn | undefined;
  const listener: HttpHost = await hostHttp(
    run.world,
    { host, port: Number(port || "80") },
    {
      onRequest: (request) => {
        if (user) user.receive(request, listener);
        else kept.push(request);
      },
      onEnd: (connection, rest) => user?.lost(connection, rest, listener),
    },
  );
  clientRun(run).shared = {
    host,
    use(standIn) {
      user = standIn;
      standIn.attach(listener);
      for (const request of kept.splice(0)) standIn.receive(request, listener);
    },
    release(standIn) {
      if (user === standIn) user = undefined;
    },
  };
  return () => listener.close();
}
