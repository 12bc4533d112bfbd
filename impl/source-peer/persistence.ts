import type { Store } from "../store/store.js";
import type { Registered } from "./registry.js";

/** A registration as the store keeps it. Those over connections are not kept: they end with the connection. */
interface Row {
  address: string;
  port: number;
  registeredAt: number;
}

export interface Registrations {
  load(): { sourceId: number; remote: { address: string; port: number }; registeredAt: number }[];
  put(source: Registered): void;
  delete(source: Registered): void;
  commit(): Promise<void>;
}

/** Registrations of one source peer; several may share a store. */
export function createRegistrations(store: Store, sourcePeer: number): Registrations {
  const table = store.table<Row>("ldmp_registrations");
  const prefix = `${sourcePeer}/`;
  const key = (source: Registered): string => prefix + source.id;
  return {
    load() {
      const found = [];
      for (const [name, { address, port, registeredAt }] of table.load()) {
        const sourceId = Number(name.slice(prefix.length));
        if (name.startsWith(prefix)) found.push({ sourceId, remote: { address, port }, registeredAt });
      }
      return found;
    },
    put(source) {
      const { address, port, connection } = source.remote;
      if (connection === undefined) table.put(key(source), { address, port, registeredAt: source.registeredAt });
      else table.delete(key(source));
    },
    delete(source) {
      table.delete(key(source));
    },
    commit: () => store.commit(),
  };
}
