import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import type { Answer } from "../engine/ldmp-message.js";
import type { Hearing } from "../ldmp/every-message.js";
import type { dataSourceDeclaration } from "./declaration.js";

export interface SessionOptions {
  /** What the stand-in source peer answers the Registration with; 2.00 unless given, nothing if null. */
  readonly answer?: number | null;
  /** False: be a counterpart that leaves Heartbeats unanswered. */
  readonly answerHeartbeats?: boolean;
  /** Sends octets that are wrong on purpose: what comes back is not held to the rules on every message. */
  readonly hostile?: boolean;
  /** The command to start the product with, in place of the one of `--exec`; `{url2}` in it is a second stand-in source peer. */
  readonly command?: string;
}

/** The data source under test, connected to a stand-in source peer. */
export interface Session {
  /** The stand-in's end; `link.peerId` is the data source's identifier. */
  readonly link: LdmpLink;
  /** Its Registration, already answered as asked. */
  readonly registration: Answer;
  /** A second stand-in source peer, where the command names one; it answers nothing by itself. */
  readonly second: LdmpLink | undefined;
  /** Ends the product in an orderly way (SIGTERM); only under `--exec`, inconclusive otherwise. */
  stop(): void;
}

/** What a case of this folder gets. */
export interface DataSourceTest extends Hearing {
  readonly declared: Declaration<typeof dataSourceDeclaration>;
  /**
   * Waits for a Registration and answers it. Under `--exec` the product is started for this case alone; under `--listen` the one product
   * there is registers again after a RESET. Inconclusive if none comes.
   */
  session(options?: SessionOptions): Promise<Session>;
  /** The product is started anew for each case. */
  readonly restarts: boolean;
}

export function defineCase(definition: CaseDefinition<DataSourceTest>): CaseDefinition<DataSourceTest> {
  return define(definition);
}
