import type { PathState } from "../../core/ports.js";
import type { CoreSettings } from "../../core/settings.js";

/** What a peer process is told when it starts. */
export interface PeerOrders {
  readonly homs: string;
  readonly overlayId: string;
  readonly peerId: string;
  /** Where it listens, and what it tells others, where that is another address: a proxy's. */
  readonly port?: number;
  readonly address?: string;
  readonly paths?: Partial<CoreSettings>;
  /** Lifetime of the membership to ask for, in s. */
  readonly expires?: number;
}

export type Command =
  /** A message now. */
  | { readonly kind: "publish"; readonly size: number }
  /** A message every so often; 0: no more. */
  | { readonly kind: "publish-every"; readonly ms: number; readonly size: number }
  | { readonly kind: "paths" }
  | { readonly kind: "leave" };

/** What a peer process tells. Times are of the machine's clock, in ms. */
export type Told =
  | { readonly kind: "joined" }
  | { readonly kind: "parent"; readonly at: number; readonly peerId: string | undefined }
  | { readonly kind: "root"; readonly at: number }
  /** A parent again, after the loss of one. */
  | { readonly kind: "attached"; readonly at: number; readonly afterMs: number; readonly by: string }
  | { readonly kind: "lost"; readonly source: string; readonly from: number; readonly to: number }
  /** Numbers of messages sent since the last time. */
  | { readonly kind: "published"; readonly at: number; readonly first: number; readonly last: number }
  /** Messages delivered, by source: their numbers. */
  | { readonly kind: "got"; readonly messages: Readonly<Record<string, readonly number[]>> }
  | { readonly kind: "paths"; readonly paths: readonly PathState[] }
  | { readonly kind: "wrong"; readonly what: string };
