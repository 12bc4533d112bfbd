import type { ClientTest } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { KeyPair } from "../engine/ed25519.js";
import type { R10Link } from "../engine/r10-link.js";
import type { R10Peer } from "../engine/r10-peer.js";
import type { WallClock } from "../streaming/clock.js";
import type { Json } from "../streaming/servers.js";
import type { Session, StandOptions } from "../streaming/session.js";
import type { PeerAction } from "./actions.js";
import type { peerDeclaration } from "./declaration.js";

export interface EnterOptions {
  readonly later?: readonly PeerAction[];
  readonly settings?: Json;
  /** What the stand-ins do is wrong on purpose. */
  readonly hostile?: boolean;
}

/** The product in an overlay network. */
export interface Iut {
  readonly product: Product;
  readonly join: Act;
  /** Its OMS_JOIN. */
  readonly request: ClientRequest;
  readonly id: string;
  /** Where other peers reach it. */
  readonly address: string;
}

/** What a case of this folder gets. */
export interface PeerTest extends ClientTest {
  readonly declared: Declaration<typeof peerDeclaration>;
  readonly clock: WallClock;
  readonly session: Session;
  /** Within so many ms the product asks another peer. */
  readonly requestWithinMs: number;
  readonly silenceMs: number;
  /** A peer that the suite plays; it serves what it holds. List it in `session.listed`. */
  stand(options?: StandOptions): Promise<R10Peer>;
  /** Makes the product find the session and join; inconclusive where no join comes. */
  enter(options?: EnterOptions): Promise<Iut>;
  /** Waits for the product's link with a stand-in, whoever opens it, and its handshake. */
  linked(peer: R10Peer): Promise<R10Link>;
  /** Waits until applications were given so many different fragments; the digests by number. Inconclusive where nothing can show it. */
  given(iut: Iut, count: number, withinMs?: number): Promise<ReadonlyMap<number, string>>;
  newKey(): KeyPair;
}

const BUDGET_MS = 30_000;

export function defineCase(definition: CaseDefinition<PeerTest>): CaseDefinition<PeerTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const])];
  // The product may have to be started first, and takes its time.
  return define({
    budgetMs: (declared) =>
      BUDGET_MS + 1000 * (2 * Number(declared.value("acts-within")) + 3 * Number(declared.value("request-within"))),
    ...definition,
    errata,
  });
}
