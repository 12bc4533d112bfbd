import { startCacheServer } from "../../cs/index.js";
import { startHomsServer } from "../../homs/index.js";
import { startIxsServer } from "../../ixs/index.js";
import { startOmsServer } from "../../oms/index.js";
import { type PamsPolicy, startPamsServer } from "../../pams/index.js";
import { openSqliteStore, type Store, type Table } from "../../store/index.js";
import { startUmsServer } from "../../ums/index.js";
import { startUnisServer } from "../../unis/index.js";
import { type Role, type Stage, text, type Wishes } from "./stage.js";

/** What every server gives its role back. */
interface Running {
  readonly url: string;
  /** Of a PAMS that shares its overlay networks with others. */
  readonly membership?: { readonly dhtPort: number } | undefined;
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
  pams: server((common, { reportInterval = 1, receipts = "ignore", operator, dht }) =>
    startPamsServer({
      ...common,
      ...(Array.isArray(dht) && {
        cluster: { token: "cluster", dht: { host: "127.0.0.1", port: 0, bootstrap: dht as string[] }, pollMs: 200 },
      }),
      ...(typeof operator === "string" && { authentication: { operator: { bearer: operator } } }),
      policy: { reportInterval: Number(reportInterval), receipts: receipts as PamsPolicy["receipts"] },
    }),
  ),
  unis: server((common) => startUnisServer(common)),
  ums: server((common) => startUmsServer({ ...common, adminTokens: ["operator"], omsTokens: ["oms"] })),
  ixs: server((common) => startIxsServer(common)),
  oms: server((common, { pams, unis, ums, peerList }) =>
    startOmsServer({
      ...common,
      ...(typeof peerList === "number" && { policy: { peerList } }),
      adminToken: "operator",
      pams: { url: String(pams) },
      ...(typeof unis === "string" && { unis: { url: unis } }),
      ...(typeof ums === "string" && { ums: { url: ums, token: "oms" } }),
    }),
  ),
  cs: server((common, wishes) =>
    startCacheServer({ ...common, oms: text(wishes, "oms"), ixs: text(wishes, "ixs"), times: { drainMs: 500 } }),
  ),
} as const satisfies Readonly<Record<string, Role>>;

export type ServerName = keyof typeof serverRoles;

function server(start: (common: Common, wishes: Wishes) => Promise<Running>): Role {
  return async (wishes: Wishes, stage: Stage) => {
    const store = openSqliteStore(text(wishes, "store"));
    const tables = new Map<string, Table<unknown>>();
    const watched: Store = {
      ...store,
      table<V>(name: string): Table<V> {
        const table = store.table<V>(name);
        tables.set(name, table as Table<unknown>);
        return table;
      },
    };
    const { port = 0 } = wishes;
    const running = await start({ store: watched, port: Number(port) }, wishes);
    // The file is this process's alone: nobody else can look into it.
    stage.onTold((word) => {
      if (word !== "rows") return;
      const rows = [...tables].map(([name, table]) => [name, [...table.load()].map(([key]) => key)] as const);
      stage.say({ event: "rows", rows: Object.fromEntries(rows) });
    });
    stage.say({ event: "ready", url: running.url, dhtPort: running.membership?.dhtPort });
    await stage.ended;
    await running.close();
    await store.close();
  };
}
