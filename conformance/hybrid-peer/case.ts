import type { ClientTest } from "../client/client.js";
import type { Act, Product } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { R2Profile } from "../engine/r2-frame.js";
import type { R2Link } from "../engine/r2-link.js";
import type { R2Answer, R2Message } from "../engine/r2-message.js";
import type { R2Peer } from "../engine/r2-peer.js";
import type { Hon, Json } from "../homp-hybrid-peer/protocol.js";
import type { PeerAction } from "./actions.js";
import { type peerDeclaration, profileOf } from "./declaration.js";

export interface Policy {
  readonly "recovery-by": "push" | "pull";
  readonly mN_Cache: number;
  readonly mD_Cache: number;
}

export interface EnterOptions {
  /** The ticket that the HOMS gives out: whether a stand-in is older or younger. 100 unless given. */
  readonly ticket?: number;
  readonly entryPeers?: readonly { readonly info: Json }[];
  readonly policy?: Policy;
  readonly type?: "core" | "sub";
  readonly subType?: "tree" | "mesh";
  /** Beside join. */
  readonly later?: readonly PeerAction[];
  readonly details?: { readonly [action in PeerAction]?: Json };
}

/** The product, as a member of the overlay network. */
export interface Iut {
  readonly product: Product;
  readonly join: Act;
  readonly request: ClientRequest;
  readonly id: string;
  readonly ticket: number;
  /** Where it takes connections: `tcp://…`. */
  readonly address: string;
}

/** A stand-in, and the connection that its path with the product runs on. */
export interface Path {
  readonly peer: R2Peer;
  readonly link: R2Link;
}

/** What a case of this folder gets. */
export interface PeerTest extends ClientTest {
  readonly declared: Declaration<typeof peerDeclaration>;
  readonly hon: Hon;
  readonly profile: R2Profile;
  /** The declared times, in ms. */
  readonly times: {
    readonly interval: number;
    readonly timeout: number;
    readonly answer: number;
    readonly entry: number;
  };
  /** A stand-in peer; older than the product where its ticket is lower than 100. */
  peer(ticket: number, answers?: Answers): Promise<R2Peer>;
  /** Starts the product and waits for its join; inconclusive if none comes. */
  enter(options?: EnterOptions): Promise<Iut>;
  /** Starts the product as the first of its overlay network, with so many stand-ins as children. */
  root(children: number, options?: EnterOptions): Promise<{ readonly iut: Iut; readonly children: Path[] }>;
  /** Starts the product below a stand-in, with others as candidates and children. */
  child(options?: ChildOptions): Promise<Family>;
  /** HELLO, ESTAB, PRIMARY: a stand-in becomes a child of the product. */
  adopted(iut: Iut, peer: R2Peer, primary?: R2Message): Promise<R2Link>;
  /** The stand-in offers itself to the product and, where `primary`, becomes its parent as soon as it is asked. */
  offer(iut: Iut, peer: R2Peer): Promise<R2Link>;
  /** The next report with these counts; silent if none comes. */
  report(where: (request: ClientRequest) => boolean, withinMs?: number): Promise<ClientRequest>;
  /** The product can be made to send, by adapter, stimulus or MP2P_ACTIONS; inconclusive otherwise. */
  send(iut: Iut, text: string): Promise<void>;
  /** What the product has said on R2 in this run, whichever case heard it. */
  readonly heard: readonly { readonly caseId: string; readonly message: R2Answer }[];
}

/** What a stand-in answers of itself; all of it unless it says otherwise. */
export interface Answers {
  /** Where it listens; 127.0.0.1 unless given. */
  readonly host?: string;
  /** 1202 to HELLO. */
  readonly hello?: boolean;
  /** 10200 to BUFFERMAP; null unless given. */
  readonly bufferMap?: () => unknown;
  /** 11200 to GET_DATA; silence where it gives nothing. */
  readonly data?: (source: string, sequence: number) => R2Message | undefined;
}

export interface ChildOptions extends EnterOptions {
  readonly candidates?: number;
  readonly children?: number;
  readonly answers?: Answers;
}

export interface Family {
  readonly iut: Iut;
  readonly parent: Path;
  readonly candidates: Path[];
  readonly children: Path[];
}

/**
 * A case: `profile` where it judges what only the profile fixes that the product declares; it is n/a where none is declared. All others
 * judge what Q.4100 says, whatever else the product does.
 */
export interface PeerCase extends Omit<CaseDefinition<PeerTest>, "needs"> {
  readonly profile?: boolean;
  readonly needs?: readonly (keyof (typeof peerDeclaration)["options"])[];
  /** Whether the declared readings ask for it at all. */
  readonly readings?: (declared: Declaration<typeof peerDeclaration>) => boolean;
  /** Not in these profiles: they lack what it is about. */
  readonly without?: readonly string[];
}

export function defineCase({
  profile = false,
  needs = [],
  without = [],
  readings,
  ...definition
}: PeerCase): CaseDefinition<PeerTest> {
  return define<PeerTest>({
    budgetMs: budget(),
    ...definition,
    errata: ["E-HP2P-10", "E-HP2P-24", ...(definition.errata ?? [])],
    options: needs,
    needs: (declared) => {
      const lacking = needs.find((option) => !declared.option(option));
      if (lacking !== undefined) return `the declaration says that the product does not have ${lacking}`;
      const name = profileOf(declared.reading("E-HP2P-24" as never));
      if (without.includes(name)) return `profile ${name} has no message for it`;
      if (readings && !readings(declared as Declaration<typeof peerDeclaration>))
        return "the declared reading of an erratum permits otherwise";
      if (profile && !declared.explicit("readings", "E-HP2P-24"))
        return "no Recommendation fixes it, and no profile is declared that would (E-HP2P-24)";
      return true;
    },
  });
}

/** Time for a case that waits so many heartbeat intervals, timeouts and turns to the next entry peer, in ms. */
export function budget({
  intervals = 0,
  timeouts = 0,
  entries = 0,
  acts = 2,
} = {}): NonNullable<CaseDefinition["budgetMs"]> {
  return (declared) => {
    const seconds = (name: string): number => Number(declared.value(name));
    return (
      15_000 +
      1000 *
        (intervals * seconds("heartbeat-interval") +
          timeouts * seconds("heartbeat-timeout") +
          entries * seconds("next-entry-within") +
          acts * seconds("acts-within") +
          3 * seconds("answers-within"))
    );
  };
}
