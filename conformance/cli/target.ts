import type { EntityId, Target } from "../engine/entity.js";
import { UsageError } from "./arguments.js";

interface Role {
  /** Schemes of the address: of the product, or of the suite where the product calls. */
  readonly schemes: readonly string[];
  /** The product is not called, but calls. */
  readonly calls?: true;
  /** It can be driven by an adapter. */
  readonly adapter?: true;
}

const http = ["http:", "https:"];
const ldmp = ["udp:", "tcp:"];

const roles: Readonly<Record<EntityId, Role>> = {
  pams: { schemes: http },
  homs: { schemes: http },
  "ldmp-source-peer": { schemes: ldmp },
  "ldmp-data-source": { schemes: ldmp, calls: true },
  "pamp-oms": { schemes: ["http:"], calls: true, adapter: true },
  "pamp-peer": { schemes: ["http:"], calls: true, adapter: true },
  "homp-hybrid-peer": { schemes: ["http:"], calls: true, adapter: true },
  "hybrid-peer": { schemes: ["http:"], calls: true, adapter: true },
  oms: { schemes: http },
  ixs: { schemes: http },
  unis: { schemes: http },
  ums: { schemes: http },
  cs: { schemes: http },
  peer: { schemes: ["http:"], calls: true, adapter: true },
  "managing-oms": { schemes: ["http:"], calls: true },
  "source-peer": { schemes: ["http:"], calls: true, adapter: true },
};

interface Given {
  readonly url?: string;
  readonly listen?: string;
  readonly exec?: string;
  readonly adapter?: string;
  readonly wait?: boolean;
}

/** The same as words of a usage line. */
export function reachedBy(id: EntityId): string {
  const { schemes, calls = false, adapter = false } = roles[id];
  if (!calls) return `--url ${schemes.map((one) => `${one}//`).join(" or ")}HOST:PORT`;
  return `{ --exec "COMMAND {url}" | --listen ${schemes[0]}//HOST:PORT${adapter ? ' | --adapter "COMMAND"' : ""} }`;
}

/** How the product is reached, from the command line. */
export function targetOf(id: EntityId, given: Given): Target {
  const { schemes, calls = false, adapter = false } = roles[id];
  const wait = given.wait ? { wait: true } : {};
  const { url, listen, exec } = given;
  const scheme = schemes.join("// or ");
  if (!calls) {
    if (listen !== undefined || exec !== undefined || given.adapter !== undefined)
      throw new UsageError(`${id} is a server: give --url`);
    if (url === undefined) throw new UsageError(`--url is missing: ${scheme}//HOST:PORT`);
    return { url: checkAddress("--url", url, schemes), ...wait };
  }
  if (url !== undefined) {
    const what = id === "ldmp-data-source" ? "a data source" : id;
    throw new UsageError(`${what} is not called but calls: give --listen ADDRESS or --exec COMMAND`);
  }
  if (given.adapter !== undefined && !adapter) throw new UsageError(`${id} cannot be driven by an adapter: use --exec`);
  if ([listen, exec, given.adapter].filter((one) => one !== undefined).length !== 1) {
    const third = adapter ? ' or --adapter "COMMAND"' : "";
    throw new UsageError(`give either --listen ${schemes[0]}//HOST:PORT or --exec "COMMAND {url}"${third}`);
  }
  if (exec !== undefined && !adapter && !exec.includes("{url}"))
    throw new UsageError("--exec: write {url} where the command takes the address");
  if (listen !== undefined) return { listen: checkAddress("--listen", listen, schemes), ...wait };
  if (exec !== undefined) return { exec, ...wait };
  return { adapter: given.adapter ?? "", ...wait };
}

function checkAddress(option: string, address: string, schemes: readonly string[]): string {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (!parsed || !schemes.includes(parsed.protocol) || parsed.hostname === "") {
    throw new UsageError(`${option} ${address}: write ${schemes.join("// or ")}//HOST:PORT`);
  }
  if (parsed.port === "" && (option === "--listen" || !/^https?:$/.test(parsed.protocol)))
    throw new UsageError(`${option} ${address}: the port is missing`);
  return address;
}
