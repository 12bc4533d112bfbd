import { startCacheServer } from "../../cs/index.js";
import { startHomsServer } from "../../homs/index.js";
import { startIxsServer } from "../../ixs/index.js";
import { startOmsServer } from "../../oms/index.js";
import { type PamsPolicy, startPamsServer } from "../../pams/index.js";
import { openSqliteStore, type Store } from "../../store/index.js";
import { type Role, type Stage, text, type Wishes } from "./stage.js";

/** What every server gives its role back. */
interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** What every server is started with. */
interface Common {
  readonly store: Store;
  /** 0: any. */
  readonly port: number;
}

/**
 * The servers that a service may want, each a role of its own, on loopback. Each is told the addresses of those that were started before it.
 */
export const serverRoles = {
  homs: server((common) => startHomsServer(common)),
  pams: server((common, { reportInterval = 1, receipts = "ignore" }) =>
    startPamsServer({
      ...common,
      policy: { reportInterval: Number(reportInterval), receipts: receipts as PamsPolicy["receipts"] },
    }),
  ),
  ixs: server((common) => startIxsServer(common)),
  oms: server((common, wishes) => startOmsServer({ ...common, pams: { url: text(wishes, "pams") } })),
  cs: server((common, wishes) =>
    startCacheServer({ ...common, oms: text(wishes, "oms"), ixs: text(wishes, "ixs"), times: { drainMs: 500 } }),
  ),
} as const satisfies Readonly<Record<string, Role>>;

export type ServerName = keyof typeof serverRoles;

function server(start: (common: Common, wishes: Wishes) => Promise<Running>): Role {
  return async (wishes: Wishes, stage: Stage) => {
    const store = openSqliteStore(text(wishes, "store"));
    const { port = 0 } = wishes;
    const running = await start({ store, port: Number(port) }, wishes);
    stage.say({ event: "ready", url: running.url });
    await stage.ended;
    await running.close();
    await store.close();
  };
}
