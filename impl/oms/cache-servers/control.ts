import type { AllocationRequest } from "../../../generated/cs/types.js";

/** Commands to one cache server, R8 [X.609.10 8.8]. Each throws when there is no answer. */
export interface CsControl {
  /** What it can do. `free` is undefined where it did not say. */
  state(): Promise<{ readonly allocations: number; readonly free: number | undefined }>;
  /** One that is there already is given again, with the new priority. */
  allocate(wanted: AllocationRequest): Promise<Granted | "refused">;
  /** How an allocation fares. */
  fate(allocationId: string): Promise<"joining" | "active" | "ended" | "unknown">;
  prioritise(allocationId: string, priority: number): Promise<"done" | "unknown">;
  /** One that is unknown there is released. */
  release(allocationId: string): Promise<void>;
}

export interface Granted {
  readonly allocationId: string;
  readonly peerId: string;
}

/** How a cache server of this address is commanded. */
export type CsConnector = (server: { readonly url: string; readonly accessToken: string | undefined }) => CsControl;
