import { startHomsServer } from "../../homs/index.js";
import { startPamsServer } from "../../pams/index.js";
import { createMemoryStore, type Store } from "../../store/index.js";
import type { Role, Stage, Wishes } from "./stage.js";

/** What every server gives its role back. */
interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The servers that a service may want, each a role of its own, on a free port of loopback. Each is told the addresses of those that were
 * started before it.
 */
export const serverRoles = {
  homs: server((store) => startHomsServer({ store })),
  pams: server((store) => startPamsServer({ store })),
} as const satisfies Readonly<Record<string, Role>>;

export type ServerName = keyof typeof serverRoles;

function server(start: (store: Store, wishes: Wishes) => Promise<Running>): Role {
  return async (wishes: Wishes, stage: Stage) => {
    const store = createMemoryStore();
    const running = await start(store, wishes);
    stage.say({ event: "ready", url: running.url });
    await stage.ended;
    await running.close();
    await store.close();
  };
}
