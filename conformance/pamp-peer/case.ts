import type { ClientTest, StartOptions } from "../client/client.js";
import type { Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { Cite } from "../engine/test.js";
import type { PeerAction } from "./actions.js";
import type { peerDeclaration } from "./declaration.js";

export interface JoinOptions extends Pick<StartOptions, "hostile"> {
  /** After `join`, in this order; each still has to be asked for by `product.do`. */
  readonly later?: readonly PeerAction[];
  readonly details?: { readonly [action in PeerAction]?: Readonly<Record<string, unknown>> };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes it a failure that something else comes than a registration; otherwise that is inconclusive. */
  readonly judged?: Cite;
}

/** A peer that has asked for its registration. */
export interface Joined {
  readonly product: Product;
  /** Its PAMP_PEER_REG. */
  readonly registration: ClientRequest;
  /** The identifiers that it uses. */
  readonly overlay: string;
  readonly peer: string;
}

/** What a case of this folder gets. */
export interface PeerTest extends ClientTest {
  readonly declared: Declaration<typeof peerDeclaration>;
  /** The report interval that the suite's PAMS usually tells, in ms. */
  readonly intervalMs: number;
  /** Starts a peer and waits for its registration; inconclusive if none comes. Script `server` before. */
  join(options?: JoinOptions): Promise<Joined>;
  /** The next report, which is due because the peer is registered: a failure if it does not come. */
  report(joined: Joined, cite: ReportOptions): Promise<ClientRequest>;
  converse(): Promise<void>;
}

export interface ReportOptions extends Cite {
  /** Besides the time in which the product acts: a report interval, usually. */
  readonly withinMs?: number;
  readonly where?: (request: ClientRequest) => boolean;
}

const BUDGET_MS = 15_000;

export function defineCase(definition: CaseDefinition<PeerTest>): CaseDefinition<PeerTest> {
  // The product may have to be started first, and takes its time.
  return define({ budgetMs: BUDGET_MS, ...definition });
}
