import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { DeclarationInput } from "../../engine/declaration.js";
import type { Oddity } from "./judge.js";
import type { Exchange, Json, Reply, Rule, TinyHoms, Twist } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

export interface Mutant {
  readonly what: string;
  /** The statement that the defect breaks: a case that claims it has to fail on it. */
  readonly breaks: RequirementId;
  readonly twist: Oddity;
  /** For statements that bind a product by its own declaration only. */
  readonly declaration?: DeclarationInput;
}

export const ignores = (breaks: RequirementId, ...ignore: Rule[]): Mutant => ({
  what: `does not check: ${ignore.join(", ")}`,
  breaks,
  twist: { ignore },
});

type Change = (overlay: Json, exchange: Exchange, homs: TinyHoms) => unknown;

/** Changes the member overlay of a good answer; what the function gives back, if an object, takes its place. */
export const answers = (what: string, breaks: RequirementId, primitive: string, change: Change): Mutant => ({
  what,
  breaks,
  twist: {
    after: (exchange, reply, homs) => {
      if (`${exchange.method} ${exchange.path}` !== primitive || reply.status !== 200) return undefined;
      const { body } = reply;
      const overlay = isObject(body) ? body.overlay : undefined;
      for (const one of Array.isArray(overlay) ? overlay : [overlay]) {
        if (isObject(one)) change(one, exchange, homs);
      }
      return reply;
    },
  },
});

export const without = (breaks: RequirementId, primitive: string, ...names: string[]): Mutant =>
  answers(`${primitive}: the answer lacks ${names.join(", ")}`, breaks, primitive, (overlay) => {
    for (const name of names) delete overlay[name];
  });

export const before = (what: string, breaks: RequirementId, change: NonNullable<Twist["before"]>): Mutant => ({
  what,
  breaks,
  twist: { before: change },
});

export const after = (
  what: string,
  breaks: RequirementId,
  change: (exchange: Exchange, reply: Reply, homs: TinyHoms) => Reply | undefined,
): Mutant => ({ what, breaks, twist: { after: change } });

export const is = ({ method, path }: Exchange, primitive: string): boolean => `${method} ${path}` === primitive;
export const part = (exchange: Exchange, name: string): Json => {
  const value = isObject(exchange.body) ? exchange.body[name] : undefined;
  return isObject(value) ? value : {};
};
export const overlayOf = (exchange: Exchange, homs: TinyHoms) =>
  homs.overlays.get(String(part(exchange, "overlay")["overlay-id"]));
export const memberOf = (exchange: Exchange, homs: TinyHoms) =>
  overlayOf(exchange, homs)?.members.get(String(part(exchange, "peer")["peer-id"]));

/** Does nothing, and says that it did. */
export const idle = (breaks: RequirementId, primitive: string): Mutant =>
  before(`${primitive}: answered, not carried out`, breaks, (exchange, homs) => {
    if (!is(exchange, primitive)) return;
    const kept = structuredClone([...homs.overlays]);
    queueMicrotask(() => {
      homs.overlays.clear();
      for (const [id, overlay] of kept) homs.overlays.set(id, overlay);
    });
  });

export const CREATION = "POST /homs";
export const QUERY = "GET /homs";
export const MODIFICATION = "PUT /homs";
export const REMOVAL = "DELETE /homs";
export const JOIN = "POST /peer";
export const REPORT = "POST /peer/report";
export const REFRESH = "PUT /peer";
export const LEAVE = "DELETE /peer";

/** Takes the overlay made or joined last for one that is not named. */
export const guesses = (breaks: RequirementId, primitive: string): Mutant =>
  before(`${primitive}: an overlay-id left out is guessed`, breaks, (exchange, homs) => {
    const overlay = part(exchange, "overlay");
    if (!is(exchange, primitive) || overlay["overlay-id"] !== undefined) return;
    const peerId = String(part(exchange, "peer")["peer-id"]);
    const all = [...homs.overlays.values()].reverse();
    const likely = all.find(
      ({ info, members }) => info["owner-id"] === overlay["owner-id"] || members.has(peerId) || primitive === JOIN,
    );
    overlay["overlay-id"] = likely?.id;
  });

/** Refuses what is not to be refused. */
export const refuses = (
  what: string,
  breaks: RequirementId,
  primitive: string,
  when: (overlay: Json, exchange: Exchange) => boolean,
): Mutant =>
  before(what, breaks, (exchange) => {
    const wrapper = primitive === CREATION ? "overlay_info" : "overlay";
    if (is(exchange, primitive) && when(part(exchange, wrapper), exchange)) exchange.body = undefined;
  });
