import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { isObject } from "../engine/matchers.js";
import { pamsUrl } from "../pamp/protocol.js";
import type { Created, OmsTest } from "./case.js";
import { DEREG } from "./session.js";

/** What the OMS tells a peer that joins; undefined where neither adapter nor stimulus can show it. */
export async function toldAddress(
  t: OmsTest,
  { product }: Created,
  overlay?: string,
): Promise<{ readonly address: string | undefined } | undefined> {
  const details = { "peer-id": t.unique("peer"), ...(overlay === undefined ? {} : { "overlay-id": overlay }) };
  const { how, result } = await product.do("join-peer", details).over;
  if (how !== "asked" || !isObject(result)) return undefined;
  return { address: typeof result.pams_url === "string" ? result.pams_url : undefined };
}

/** Both lead to the same PAMS: with and without /pams/, as E-PAMP-22 has it. */
export function sameAddress(one: string | undefined, other: string): boolean {
  const plain = (address: string): string => address.replace(/\/+$/, "").replace(/\/pams$/, "");
  return one !== undefined && plain(one) === plain(other);
}

/** Shows that a registration was understood: peers are told its PAMS, where that can be seen, and it can be closed. */
export async function worksOn(t: OmsTest, created: Created, requirement: RequirementId, what: string): Promise<void> {
  const { product, overlay } = created;
  await created.act.over;
  const told = await toldAddress(t, created, overlay);
  if (told) {
    t.that(sameAddress(told.address, pamsUrl(t.server)), pamsUrl(t.server), told.address, {
      requirement,
      what: `the PAMS that a joining peer is told after ${what}`,
    });
  }
  const act = product.do("close-overlay", { "overlay-id": overlay });
  await t.due(DEREG, act, { requirement, what: `the deregistration of an overlay network after ${what}` });
}
