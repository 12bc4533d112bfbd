import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { EntityId } from "../engine/entity.js";
import type { RunResult } from "../engine/result.js";
import { judgeHybridPeer } from "../test/homp-hybrid-peer/judge.js";
import { hybridPeerMutants } from "../test/homp-hybrid-peer/mutants.js";
import { hybridPeerVariants } from "../test/homp-hybrid-peer/variants.js";
import { judge as judgeHoms } from "../test/homs/judge.js";
import { leaks as homsLeaks, mutants as homsMutants } from "../test/homs/mutants.js";
import { variants as homsVariants } from "../test/homs/variants.js";
import { judgePeer } from "../test/hybrid-peer/judge.js";
import { peerMutants as amongPeersMutants } from "../test/hybrid-peer/mutants.js";
import { peerVariants as amongPeersVariants } from "../test/hybrid-peer/variants.js";
import { dataSourceMutants } from "../test/ldmp/data-source-mutants.js";
import { dataSourceVariants } from "../test/ldmp/data-source-variants.js";
import { judgeDataSource } from "../test/ldmp/judge-data-source.js";
import { judgeSourcePeer } from "../test/ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "../test/ldmp/source-peer-mutants.js";
import { sourcePeerVariants } from "../test/ldmp/source-peer-variants.js";
import { judgeClient } from "../test/pamp-client/judge.js";
import { omsMutants, omsVariants } from "../test/pamp-client/oms.js";
import { peerMutants, peerVariants } from "../test/pamp-client/peer.js";
import { guardedDeclaration, judge as judgePams, TOKEN } from "../test/pams/judge.js";
import { leaks as pamsLeaks, mutants as pamsMutants } from "../test/pams/mutants.js";
import { startReference } from "../test/pams/reference.js";
import { variants as pamsVariants } from "../test/pams/variants.js";

/** A product of the suite's own tests: odd but legal, or with one defect. */
export interface Product {
  readonly entity: EntityId;
  readonly what: string;
  /** The statement that the defect breaks; undefined where the product is legal. */
  readonly breaks: RequirementId | undefined;
  /** Starts it and judges it: a legal one by all cases, a defect by those that claim what it breaks. */
  judge(): Promise<RunResult>;
}

export interface Products {
  readonly variants: readonly Product[];
  readonly mutants: readonly Product[];
  close(): Promise<void>;
}

/** All products of the tables in ../test, with what they stand in front of. */
export async function openProducts(): Promise<Products> {
  const [open, guarded] = await Promise.all([
    startReference("pams"),
    startReference("pams", "--oms-token", TOKEN, "--peer-tokens"),
  ]);
  return {
    variants: [...pamsVariantProducts(open.url), ...homsProducts(), ...sourcePeers(), ...dataSources(), ...clients()],
    mutants: [
      ...pamsMutantProducts(open.url, guarded.url),
      ...homsDefects(),
      ...sourcePeerDefects(),
      ...dataSourceDefects(),
      ...clientDefects(),
    ],
    close: async () => {
      await Promise.all([open.close(), guarded.close()]);
    },
  };
}

const legal = (entity: EntityId, what: string, judge: () => Promise<RunResult>): Product => ({
  entity,
  what,
  breaks: undefined,
  judge,
});

function pamsVariantProducts(url: string): Product[] {
  return pamsVariants.map(({ what, twist, declaration = {} }) =>
    legal("pams", what, () => judgePams(url, twist(), { declaration })),
  );
}

function pamsMutantProducts(open: string, guarded: string): Product[] {
  return [...pamsMutants, ...pamsLeaks].map((mutant) => ({
    entity: "pams",
    what: mutant.what,
    breaks: mutant.breaks,
    judge: () =>
      judgePams(mutant.guarded ? guarded : open, mutant.twist(), {
        only: [mutant.breaks],
        declaration: mutant.guarded ? guardedDeclaration : {},
      }),
  }));
}

function homsProducts(): Product[] {
  return homsVariants.map(({ what, declaration = {}, ...oddity }) =>
    legal("homs", what, () => judgeHoms(oddity, { declaration: { ...declaration, values: { "short-expires": 2 } } })),
  );
}

function homsDefects(): Product[] {
  return [...homsMutants, ...homsLeaks].map(({ what, breaks, twist, declaration = {} }) => ({
    entity: "homs",
    what,
    breaks,
    judge: () => judgeHoms(twist, { only: [breaks], declaration }),
  }));
}

function sourcePeers(): Product[] {
  return sourcePeerVariants.map(({ what, quirks, declaration }) =>
    legal("ldmp-source-peer", what, () => judgeSourcePeer(quirks(), declaration === undefined ? {} : { declaration })),
  );
}

function sourcePeerDefects(): Product[] {
  return sourcePeerMutants.map(({ what, breaks, quirks }) => ({
    entity: "ldmp-source-peer",
    what,
    breaks,
    judge: () => judgeSourcePeer(quirks(), { only: [breaks] }),
  }));
}

function dataSources(): Product[] {
  return dataSourceVariants.map(({ what, by: _, ...wishes }) =>
    legal("ldmp-data-source", what, () => judgeDataSource(what, wishes)),
  );
}

function dataSourceDefects(): Product[] {
  return dataSourceMutants.map(({ what, breaks, transport }) => ({
    entity: "ldmp-data-source",
    what,
    breaks,
    judge: () => judgeDataSource(what, { only: [breaks], ...(transport ? { transport } : {}) }),
  }));
}

function clients(): Product[] {
  return [
    ...peerVariants.map(({ what }) => legal("pamp-peer", what, () => judgeClient("pamp-peer", what))),
    ...omsVariants.map(({ what }) => legal("pamp-oms", what, () => judgeClient("pamp-oms", what))),
    ...hybridPeerVariants.map(({ what, declaration }) =>
      legal("homp-hybrid-peer", what, () => judgeHybridPeer(what, declaration ? { declaration } : {})),
    ),
    ...amongPeersVariants.map(({ what, declaration }) =>
      legal("hybrid-peer", what, () => judgePeer(what, declaration ? { declaration } : {})),
    ),
  ];
}

function clientDefects(): Product[] {
  const of = (entity: "pamp-peer" | "pamp-oms", { what, breaks }: (typeof peerMutants)[number]): Product => ({
    entity,
    what,
    breaks,
    judge: () => judgeClient(entity, what, { only: [breaks] }),
  });
  return [
    ...peerMutants.map((one) => of("pamp-peer", one)),
    ...omsMutants.map((one) => of("pamp-oms", one)),
    ...hybridPeerMutants.map(
      ({ what, breaks, only }): Product => ({
        entity: "homp-hybrid-peer",
        what,
        breaks,
        judge: () => judgeHybridPeer(what, { only: only?.split(",") ?? [breaks] }),
      }),
    ),
    ...amongPeersMutants.map(
      ({ what, breaks, only }): Product => ({
        entity: "hybrid-peer",
        what,
        breaks,
        judge: () => judgePeer(what, { only: [only] }),
      }),
    ),
  ];
}
