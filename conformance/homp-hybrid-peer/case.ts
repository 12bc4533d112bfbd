import type { ClientTest, StartOptions } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import { NotApplicable } from "../engine/outcome.js";
import type { Cite } from "../engine/test.js";
import type { HybridPeerAction } from "./actions.js";
import type { hybridPeerDeclaration } from "./declaration.js";
import type { Hon, Hons, Json } from "./protocol.js";

export interface ActOptions extends Pick<StartOptions, "hostile"> {
  /** After the first action, in this order; each still has to be asked for by `product.do`. */
  readonly later?: readonly HybridPeerAction[];
  readonly details?: { readonly [action in HybridPeerAction]?: Json };
  readonly settings?: Json;
  /** The first request is what the case judges: that it does not come is a failure where the product was told. */
  readonly judging?: Cite;
}

/** A product, and the request that its first action had to bring. */
export interface Begun {
  readonly product: Product;
  readonly act: Act;
  readonly request: ClientRequest;
  /** The identifier that it goes by in this request: peer-id or owner-id. */
  readonly peer: string;
}

/** What a case of this folder gets. */
export interface HybridPeerTest extends ClientTest {
  readonly declared: Declaration<typeof hybridPeerDeclaration>;
  /** The overlay networks of the suite's HOMS. */
  readonly hons: Hons;
  /** The one that this case is about. */
  readonly hon: Hon;
  /** The product is told what a case wishes of its join; otherwise it joins what it likes, and `hon` becomes that. */
  readonly told: boolean;
  /** Starts a peer that is to join `hon`, and waits for its join; inconclusive if none comes. Script `server` before. */
  enter(options?: ActOptions): Promise<Begun>;
  /** Starts a peer that is to create an overlay network, and waits for its creation; inconclusive if none comes. */
  own(options?: ActOptions): Promise<Begun>;
  /** The next refresh, due within a lifetime of `since` (ms of the transcript) because the peer is a member: a failure if it does not come. */
  refresh(begun: Begun, since: ClientRequest, cite: Cite & { readonly lifetime?: number }): Promise<ClientRequest>;
  converse(): Promise<void>;
}

export function defineCase(definition: CaseDefinition<HybridPeerTest>): CaseDefinition<HybridPeerTest> {
  return define({ budgetMs: budget(0), ...definition });
}

/** For cases whose wish the product has to know. */
export function needsToBeTold(t: HybridPeerTest): void {
  if (!t.told)
    throw new NotApplicable("nobody tells the product what to join and how: use --adapter, or declare performs");
}

/** Time for a case that waits for `lifetimes` of a membership, in ms. */
export function budget(lifetimes: number, acts = 2): NonNullable<CaseDefinition["budgetMs"]> {
  return (declared) =>
    6_000 +
    1000 *
      (lifetimes * Number(declared.value("lifetime" as never)) + acts * Number(declared.value("acts-within" as never)));
}
