import type { ClientTest } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { R10Peer } from "../engine/r10-peer.js";
import type { WallClock } from "../streaming/clock.js";
import type { Json } from "../streaming/servers.js";
import type { Session } from "../streaming/session.js";
import type { SourcePeerAction } from "./actions.js";
import type { sourcePeerDeclaration } from "./declaration.js";

export interface CreateOptions {
  readonly later?: readonly SourcePeerAction[];
  readonly settings?: Json;
}

/** A source peer that has asked for an overlay network. */
export interface Created {
  readonly product: Product;
  readonly act: Act;
  /** Its OMS_OVERLAY_CREATE. */
  readonly creation: ClientRequest;
  readonly id: string;
  /** Where other peers reach it. */
  readonly address: string;
}

/** What a case of this folder gets. */
export interface SourcePeerTest extends ClientTest {
  readonly declared: Declaration<typeof sourcePeerDeclaration>;
  readonly clock: WallClock;
  /** What the case wishes of the session, and what its OMS says: `overlay`. */
  readonly session: Session;
  /** Makes the product create a session; inconclusive where no creation comes. */
  create(options?: CreateOptions): Promise<Created>;
  /** Its registration at the IXS, which a case needs and does not judge. */
  registered(created: Created): Promise<ClientRequest>;
  /** A peer of the suite's, with a link to the product. */
  attend(created: Created, role?: "peer" | "virtual-peer"): Promise<R10Peer>;
}

export function defineCase(definition: CaseDefinition<SourcePeerTest>): CaseDefinition<SourcePeerTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const, "E-DS-24" as const])];
  return define({
    budgetMs: (declared) => 30_000 + 2000 * Number(declared.value("acts-within")),
    ...definition,
    errata,
  });
}
