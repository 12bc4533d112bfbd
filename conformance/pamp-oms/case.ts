import type { ClientTest, StartOptions } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { Cite } from "../engine/test.js";
import type { OmsAction } from "./actions.js";
import type { omsDeclaration } from "./declaration.js";

export interface CreateOptions extends Pick<StartOptions, "hostile"> {
  /** After `create-overlay`, in this order; each still has to be asked for by `product.do`. */
  readonly later?: readonly OmsAction[];
  readonly details?: { readonly [action in OmsAction]?: Readonly<Record<string, unknown>> };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes it a failure that something else comes than a registration; otherwise that is inconclusive. */
  readonly judged?: Cite;
}

/** An OMS that has asked for the registration of an overlay network. */
export interface Created {
  readonly product: Product;
  readonly act: Act;
  /** Its PAMP_OVERLAY_NW_REG. */
  readonly registration: ClientRequest;
  /** The identifier that it uses. */
  readonly overlay: string;
}

/** What a case of this folder gets. */
export interface OmsTest extends ClientTest {
  readonly declared: Declaration<typeof omsDeclaration>;
  /** Makes an OMS establish an overlay network and waits for its registration; inconclusive if none comes. Script `server` before. */
  create(options?: CreateOptions): Promise<Created>;
  converse(): Promise<void>;
}

const BUDGET_MS = 15_000;

export function defineCase(definition: CaseDefinition<OmsTest>): CaseDefinition<OmsTest> {
  // The product may have to be started first, and takes its time.
  return define({ budgetMs: BUDGET_MS, ...definition });
}
