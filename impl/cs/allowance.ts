import type { AllocationRequest } from "../../generated/cs/types.js";

/** Which commands of R8 a cache server obeys, by the servers that it would talk to; gives back the command to obey, or nothing. */
export type Allowance = (command: AllocationRequest) => AllocationRequest | undefined;

/**
 * A cache server asks the servers that a command names, wherever they are: without tokens anybody would have it ask any host. So the OMSs can
 * be named; of whoever shows no token it then takes no PAMS either, but the one that the OMS tells [X.609.10 8.5].
 *
 * @throws TypeError where one of them is no URL
 */
export function allowance(oms: readonly string[] | undefined, authenticated: boolean): Allowance {
  if (oms === undefined) return (command) => command;
  const allowed = new Set(oms.map(same));
  return (command) => {
    if (!URL.canParse(command.oms_url) || !allowed.has(same(command.oms_url))) return undefined;
    if (authenticated) return command;
    const { pams_url, ...rest } = command;
    return rest;
  };
}

/** One way to write it. */
function same(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** Whether nobody but this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return /^(127\.|localhost$|::1$)/.test(host);
}
